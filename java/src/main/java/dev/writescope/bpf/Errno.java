package dev.writescope.bpf;

/** The error numbers of BPF and mmap calls, in words. Numbers are those of x86-64 and arm64, which agree. */
final class Errno {
    static final int EPERM = 1;
    static final int ENOENT = 2;
    static final int EACCES = 13;

    private Errno() {}

    static String describe(int errno) {
        return switch (errno) {
            case EPERM -> "not permitted (EPERM)";
            case ENOENT -> "not there (ENOENT)";
            case 3 -> "not known to this kernel (ESRCH)";
            case 7 -> "the program or a map is too large for this kernel (E2BIG)";
            case 12 -> "out of memory (ENOMEM)";
            case EACCES -> "refused by the verifier or for lack of privileges (EACCES)";
            case 16 -> "busy (EBUSY)";
            case 22 -> "not supported by this kernel (EINVAL)";
            case 24 -> "too many open files (EMFILE): raise ulimit -n";
            case 95, 524 -> "not supported (ENOTSUPP)";
            default -> "errno " + errno;
        };
    }
}
