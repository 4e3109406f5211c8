package dev.writescope.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Type information comes from a kernel that may be of any version, and from an object file that may be damaged. */
class BtfFuzzTest {
    @FuzzTest
    void isReadOrRefused(byte[] raw) {
        try {
            assertThat(Btf.of(raw)).isNotNull();
        } catch (IllegalArgumentException refused) {
            assertThat(refused).hasMessageContaining("BTF");
        }
    }

    @FuzzTest
    void anObjectFileIsReadOrRefused(byte[] elf) {
        try {
            assertThat(Btf.ofObject(elf)).isNotNull();
        } catch (IllegalArgumentException refused) {
            assertThat(refused.getMessage()).isNotBlank();
        }
    }
}
