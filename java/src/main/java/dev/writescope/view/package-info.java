/** What a person or a program reads: table, live terminal, JSON lines. */
@NullMarked
package dev.writescope.view;

import org.jspecify.annotations.NullMarked;
