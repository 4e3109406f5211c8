package dev.writescope.view;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * What a page carries besides its data.
 *
 * @param library the charts' drawing library with its licence in a comment
 * @param script ours
 */
record PageAssets(String style, String library, String script) {
    static PageAssets load() throws IOException {
        String licence = "/*!\n" + read("uplot/LICENSE") + "*/\n";
        return new PageAssets(
                read("uplot/uPlot.min.css") + "\n" + read("compare.css"),
                licence + read("uplot/uPlot.iife.min.js"),
                read("compare.js"));
    }

    /** Only these scripts and this style, and nothing from anywhere. */
    String policy() {
        return "default-src 'none'; script-src " + hash(library) + " " + hash(script) + "; style-src " + hash(style)
                + "; base-uri 'none'; form-action 'none'";
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }

    private static String read(String name) throws IOException {
        try (InputStream in = PageAssets.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new FileNotFoundException(name + " is not in the program's jar: build it with make dist");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
