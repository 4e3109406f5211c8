/** libbpf through java.lang.foreign: objects, maps, mmap-ed rings, feature trials. No raw address leaves this package. */
@NullMarked
package dev.writescope.bpf;

import org.jspecify.annotations.NullMarked;
