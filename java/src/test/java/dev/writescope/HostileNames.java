package dev.writescope;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Tuple;

/** Names that somebody chose to do harm with: as processes, files, cgroups and labels can have them. */
public final class HostileNames {
    private static final String[] WEAPONS = {
        "\n",
        "\r\n",
        "\t",
        "\0",
        "\u007f",
        "\u0085",
        "\u009b2J",
        "\u009d0;title\u009c",
        "\u2028",
        "\u2029",
        "\u001b[31m",
        "\u001b[2J\u001b[H",
        "\u001b]0;title\u0007",
        "\u001b]8;;http://evil.example\u001b\\",
        "\u001bc",
        "\u202e",
        "\u2066",
        "\u200b",
        "\ufeff",
        "\ufffe",
        "\uffff",
        "\ufffd",
        "\ue000",
        "\ud800",
        "\udc00",
        "😀",
        "é",
        "日本",
        "]]>",
        "-->",
        "<script>alert(1)</script>",
        "</script>",
        "\" onload=\"x",
        "' x='",
        "&lt;",
        "&#10;",
        "<![CDATA[",
        "::",
        ":",
        " ::error::x",
        "::set-output name=a::b",
        "##",
        "#",
        "##[add-mask]x",
        "##vso[task.setvariable]x",
        "|",
        "`",
        "**",
        "[a](javascript:x)",
        "![a](b)",
        "@everyone",
        "www.evil.example",
        "\\",
        "\\x{1b}",
        "$(x)",
        "%n",
        "{}",
        "Tag=",
        ",",
        "#[writescope-end {}]",
        "\"",
        "/",
        "..",
        " ",
        "",
        "null"
    };

    private HostileNames() {}

    /** Mixed from what does harm to terminals, formats and logs, empty and very long ones included. */
    public static Arbitrary<String> any() {
        Arbitrary<String> weapons = Arbitraries.of(WEAPONS);
        Arbitrary<String> pieces = Arbitraries.frequencyOf(
                Tuple.of(4, weapons), Tuple.of(1, Arbitraries.strings().ofMaxLength(9)));
        Arbitrary<String> mixed = pieces.list().ofMaxSize(6).map(list -> String.join("", list));
        return Arbitraries.frequencyOf(
                Tuple.of(9, mixed),
                Tuple.of(1, mixed.map(name -> (name + "x").repeat(4096).substring(0, 4096))));
    }
}
