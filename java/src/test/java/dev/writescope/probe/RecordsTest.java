package dev.writescope.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.writescope.bpf.Btf;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordsTest {
    private static byte[] programs(String arch) throws IOException {
        try (InputStream in = RecordsTest.class.getResourceAsStream("/bpf/" + arch + "/writescope.bpf.o")) {
            return Objects.requireNonNull(in).readAllBytes();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x86_64", "aarch64"})
    void theJavaViewIsThatOfTheCompiledPrograms(String arch) throws IOException {
        Records.check(Btf.ofObject(programs(arch)));
    }

    @Test
    void fieldsAreFoundWithOffsetAndSize() throws IOException {
        Btf btf = Btf.ofObject(programs("x86_64"));
        assertThat(btf.fields("operation_record"))
                .containsEntry("latency", new Btf.Slot(16, 8))
                .containsEntry("comm", new Btf.Slot(80, 16));
        assertThatThrownBy(() -> btf.fields("no_such_record")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void damagedObjectsAreRefusedWhereverTheyAreCut() throws IOException {
        byte[] whole = programs("x86_64");
        for (int length = 0; length < whole.length; length += 997) {
            byte[] cut = java.util.Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> Btf.ofObject(cut)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
