/** The picocli commands, one class each; no logic. */
@NullMarked
package dev.writescope.cli;

import org.jspecify.annotations.NullMarked;
