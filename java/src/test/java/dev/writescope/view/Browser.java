package dev.writescope.view;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/**
 * A headless chromium.
 *
 * @param directory for its profile and its pictures
 */
record Browser(Path directory, boolean dark) {
    /**
     * What it made of a page.
     *
     * @param console what the page's scripts and the browser complained of
     */
    record Visit(String dom, List<String> console) {}

    Visit visit(Path page) throws IOException, InterruptedException {
        return visit(page, "");
    }

    /** @param fragment such as "#2", or nothing */
    Visit visit(Path page, String fragment) throws IOException, InterruptedException {
        Path dom = directory.resolve("dom");
        Path log = directory.resolve("log");
        run(List.of("--dump-dom"), page.toUri() + fragment, dom, log);
        List<String> console = Files.readAllLines(log).stream()
                .filter(line -> line.contains("CONSOLE"))
                .toList();
        return new Visit(Files.readString(dom, StandardCharsets.UTF_8), console);
    }

    BufferedImage picture(Path page, int width, int height) throws IOException, InterruptedException {
        Path png = directory.resolve("page.png");
        Path log = directory.resolve("log");
        run(
                List.of("--screenshot=" + png, "--window-size=" + width + "," + height),
                page.toUri().toString(),
                log,
                log);
        return ImageIO.read(png.toFile());
    }

    private void run(List<String> options, String page, Path output, Path log)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "chromium",
                "--headless=new",
                "--no-sandbox", // it refuses to run as root otherwise
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--user-data-dir=" + directory.resolve("profile"),
                "--enable-logging=stderr",
                "--virtual-time-budget=3000",
                "--blink-settings=preferredColorScheme=" + (dark ? 0 : 1)));
        command.addAll(options);
        command.add(page);
        Process process = new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(output.toFile())
                .redirectError(log.toFile())
                .start();
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                throw new AssertionError("chromium does not end: " + Files.readString(log));
            }
        } finally {
            Stream.concat(process.descendants(), Stream.of(process.toHandle())).forEach(ProcessHandle::destroyForcibly);
        }
        if (process.exitValue() != 0) {
            throw new AssertionError("chromium: exit status " + process.exitValue() + ": " + Files.readString(log));
        }
    }
}
