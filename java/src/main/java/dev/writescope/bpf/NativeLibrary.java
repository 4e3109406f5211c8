package dev.writescope.bpf;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Calls C functions, all of them through one method handle.
 *
 * <p>Every distinct call shape makes the JVM spin classes at each start, which no cache keeps and which costs more
 * than everything else a short run does. All functions used here take at most six integer or pointer arguments and
 * return at most one; the C calling conventions of x86-64 and arm64 pass these in registers, a callee ignores
 * registers it has no parameter for, and an int is the low half of the register. So one shape serves: six longs
 * to a long, errno captured.
 *
 * <p>Thread-safe: each call captures errno in memory of its own thread.
 */
final class NativeLibrary {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MemoryLayout CAPTURE = Linker.Option.captureStateLayout();
    private static final long ERRNO_OFFSET = CAPTURE.byteOffset(MemoryLayout.PathElement.groupElement("errno"));

    @SuppressWarnings("restricted")
    private static final MethodHandle CALL = LINKER.downcallHandle(
            FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG),
            Linker.Option.captureCallState("errno"));

    private static final ThreadLocal<MemorySegment> STATE =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(CAPTURE));

    /** A char pointer whose string may be read. */
    private static final AddressLayout STRING_POINTER =
            ValueLayout.ADDRESS.withTargetLayout(MemoryLayout.sequenceLayout(Integer.MAX_VALUE, ValueLayout.JAVA_BYTE));

    private final SymbolLookup symbols;

    private NativeLibrary(SymbolLookup symbols) {
        this.symbols = symbols;
    }

    /** The C library of this process. */
    static NativeLibrary c() {
        return new NativeLibrary(LINKER.defaultLookup());
    }

    /**
     * Opens a library for the life of the process.
     *
     * @param nameOrPath a SONAME for the system's search, or an absolute path
     * @throws IllegalArgumentException if it cannot be opened
     */
    @SuppressWarnings("restricted")
    static NativeLibrary open(String nameOrPath) {
        return new NativeLibrary(SymbolLookup.libraryLookup(nameOrPath, Arena.global()));
    }

    /** The function of that name; calling one that the library lacks fails when it is called. */
    Function function(String name) {
        return new Function(name, symbols.find(name).orElse(MemorySegment.NULL));
    }

    static int errno() {
        return STATE.get().get(ValueLayout.JAVA_INT, ERRNO_OFFSET);
    }

    /** The C string at an address that a function returned; empty for NULL. */
    static String string(long address) {
        if (address == 0) {
            return "";
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment holder = arena.allocate(ValueLayout.ADDRESS);
            holder.set(ValueLayout.JAVA_LONG, 0, address);
            return holder.get(STRING_POINTER, 0).getString(0);
        }
    }

    /** One C function. */
    record Function(String name, MemorySegment address) {
        boolean exists() {
            return address.address() != 0;
        }

        long call() {
            return call(0, 0, 0, 0, 0, 0);
        }

        long call(long a) {
            return call(a, 0, 0, 0, 0, 0);
        }

        long call(long a, long b) {
            return call(a, b, 0, 0, 0, 0);
        }

        long call(long a, long b, long c) {
            return call(a, b, c, 0, 0, 0);
        }

        long call(long a, long b, long c, long d, long e, long f) {
            if (!exists()) {
                throw new UnsupportedOperationException("the loaded library has no function " + name);
            }
            try {
                return (long) CALL.invokeExact(address, STATE.get(), a, b, c, d, e, f);
            } catch (RuntimeException | Error failure) {
                throw failure;
            } catch (Throwable impossible) {
                throw new AssertionError(impossible);
            }
        }
    }
}
