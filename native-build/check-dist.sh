#!/usr/bin/env bash
# Checks the archive that dist.sh made, unpacked elsewhere, as its users have it. Needs root, as tracing does.
set -euo pipefail
cd "$(dirname "$0")/.."
archive=$(realpath dist/writescope | sed 's|/bin/writescope$|.tar.gz|')
version=$(sed -n 's/^version=//p' java/target/maven-archiver/pom.properties)

dir=$(mktemp -d "${TMPDIR:-/tmp}/writescope dist.XXXXXX") # with a blank, on purpose
trap 'rm -rf "$dir"' EXIT
chmod 755 "$dir"

fail() {
    echo "check-dist: $1" >&2
    exit 1
}

starts_and_ends() { # traces for a second: the JSON must begin and end as promised, and nothing else be said
    local lines
    lines=$("$@" trace -d 1s --format json 2>"$dir/stderr") || fail "trace ended with $?: $(<"$dir/stderr")"
    [[ $(head -1 <<<"$lines") == '{"type":"start",'*"\"version\":\"$version\""* ]] || fail "no start line: $lines"
    [[ $(tail -1 <<<"$lines") == '{"type":"end",'* ]] || fail "no end line: $lines"
    [[ ! -s $dir/stderr ]] || fail "trace is not quiet: $(<"$dir/stderr")"
}

compares() { # two recordings of a second allow for no verdict, but fill a page
    local name status=0
    for name in before after; do
        "$1" record -d 1s -o "$dir/$name.hlog" || fail "record ended with $?"
    done
    for name in html junit; do
        status=0
        "$1" compare "$dir/before.hlog" "$dir/after.hlog" --format $name -o "$dir/compared.$name" >"$dir/stdout" || status=$?
        [[ $status -eq 4 && $(<"$dir/stdout") == "no verdict is possible: "* ]] || fail "compare ended with $status: $(<"$dir/stdout")"
    done
    [[ $(<"$dir/compared.html") == '<!DOCTYPE html>'*'uPlot (v'*'</html>' ]] || fail "compare made no page"
    [[ $(<"$dir/compared.junit") == '<?xml '*'</testsuites>' ]] || fail "compare made no XML"
}

mkdir "$dir/opt" "$dir/bin"
tar -xzf "$archive" -C "$dir/opt"
home=$dir/opt/$(basename "$archive" .tar.gz)
ln -s "$home/bin/writescope" "$dir/opt/writescope"
ln -s ../opt/writescope "$dir/bin/writescope" # a relative link to a link
writescope=$dir/bin/writescope
cd /

[[ $("$writescope" --version) == "writescope $version" ]] || fail "--version does not give $version"
[[ $(PATH=$dir/bin:$PATH writescope --help) == *"trace "* ]] || fail "--help does not name trace"
bash -c 'source "$1" && complete -p writescope' - "$home/share/bash-completion/completions/writescope" >/dev/null ||
    fail "the completion does not work in bash"

# "on" refuses to start if the cache does not fit.
WRITESCOPE_JAVA_OPTIONS=-XX:AOTMode=on "$writescope" --version >/dev/null || fail "the AOT cache does not fit"
for license in libbpf.so.1 libelf.so.1 libz.so.1; do
    [[ -s $home/lib/native/$license && -s $home/lib/native/$license.copyright ]] || fail "$license is not bundled"
done

[[ $EUID -eq 0 ]] || fail "tracing needs root: sudo native-build/check-dist.sh"
starts_and_ends "$writescope"
compares "$writescope"

# Without the system's libbpf the bundled one must do.
system=$(/sbin/ldconfig -p | awk '$1 == "libbpf.so.1" && !found++ { print $NF }') # reads all: pipefail
if [[ -n $system ]]; then
    # shellcheck disable=SC2016 # for the inner shell
    starts_and_ends unshare --mount sh -c 'mount --bind /dev/null "$0" && exec "$@"' "$(realpath "$system")" "$writescope"
fi

# A cache that does not fit costs time, and nobody hears of it.
export WRITESCOPE_JAVA_OPTIONS=-XX:+UseCompactObjectHeaders
if WRITESCOPE_JAVA_OPTIONS="$WRITESCOPE_JAVA_OPTIONS -XX:AOTMode=on" "$writescope" --version >/dev/null 2>&1; then
    fail "the cache fits what it was not made for"
fi
starts_and_ends "$writescope"
echo "check-dist: $(basename "$archive") works from another place, with and without the system's libbpf"
