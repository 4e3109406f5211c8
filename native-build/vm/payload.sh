#!/bin/bash
# Builds the root file system of a test machine: payload.sh DIR
# This host's binaries with the libraries they need, a Java runtime with the modules the program needs, the program
# itself when java/target holds one (in /opt/writescope, started by /usr/bin/writescope), trial (trial.c) and the tests'
# workload.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
project=$(cd "$here/../.." && pwd)
cache=${VM_CACHE:-$project/.cache/vm}
[ $# -eq 1 ] || { echo "usage: payload.sh DIR" >&2; exit 2; }
root=$1
jdk=$("$here/../find-jdk.sh")
libraries=/usr/lib/x86_64-linux-gnu
tools=(bash dash mkfs.ext4 mkfs.xfs mkfs.btrfs losetup dmsetup bpftool)

# Used with BPF: jdk.unsupported for sun.misc.Signal, java.management for the process's own CPU time and memory.
always=java.base,java.logging,java.management,jdk.management,jdk.unsupported

program_modules() {
    local jars=("$project"/java/target/writescope-*.jar "$project"/java/target/lib/*.jar)
    [ -e "${jars[0]}" ] || return 0
    echo ",$("$jdk/bin/jdeps" --multi-release 25 --ignore-missing-deps --print-module-deps \
        --class-path "$project/java/target/lib/*" "${jars[0]}")"
}

# Linked once for each set of modules, as it takes longer than all the rest.
java_runtime() {
    local modules=$always runtime
    modules+=$(program_modules)
    runtime=$cache/jdk-$(printf '%s %s' "$modules" "$(cat "$jdk/release")" | sha256sum | cut -c1-12)
    if [ ! -e "$runtime/release" ]; then
        mkdir -p "$cache"
        rm -rf "$runtime" "$runtime.part"
        "$jdk/bin/jlink" --add-modules "$modules" --strip-java-debug-attributes --no-header-files --no-man-pages \
            --compress zip-0 --generate-cds-archive --output "$runtime.part" >&2
        mv "$runtime.part" "$runtime"
    fi
    echo "$runtime"
}

# Copies a file to the same path, links followed, and the libraries that the dynamic loader would find for it.
add() {
    local file
    for file in "$1" $({ ldd "$1" 2>/dev/null || true; } | grep -oE '/[^ )]+'); do
        case $file in "$root"/*) continue ;; esac
        [ -e "$root$file" ] || install -D -m 755 "$file" "$root$file"
    done
}

rm -rf "$root"
mkdir -p "$root"/{usr/bin,usr/sbin,usr/lib,usr/lib64,etc,opt,tmp,root}
for directory in bin sbin lib lib64; do
    ln -s "usr/$directory" "$root/$directory"
done
echo 'root:x:0:0:root:/root:/bin/sh' >"$root/etc/passwd"
echo 'root:x:0:' >"$root/etc/group"
echo '127.0.0.1 localhost' >"$root/etc/hosts"

for tool in "${tools[@]}"; do
    if path=$(command -v "$tool"); then
        add "$path"
    else
        echo "payload.sh: $tool is not installed here and will be missing" >&2
    fi
done
ln -s dash "$root/usr/bin/sh"
add "$libraries/libbpf.so.1"
gcc -O2 -Wall -Wextra -Werror -o "$root/usr/bin/trial" "$here/trial.c" -lbpf
add "$root/usr/bin/trial"
gcc -O1 -Wall -Werror -static -o "$root/usr/bin/workload" "$project/java/src/test/resources/workload.c"

cp -a "$(java_runtime)" "$root/opt/jdk"
for file in "$root"/opt/jdk/bin/java "$root"/opt/jdk/lib/*.so "$root"/opt/jdk/lib/server/libjvm.so; do
    add "$file"
done
ln -s /opt/jdk/bin/java "$root/usr/bin/java"

if [ -d "$project/java/target/lib" ]; then
    mkdir "$root/opt/writescope"
    cp "$project"/java/target/writescope-*.jar "$root/opt/writescope/writescope.jar"
    cp "$project"/java/target/lib/*.jar "$root/opt/writescope/"
    cat >"$root/usr/bin/writescope" <<'END'
#!/bin/sh
exec java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED -cp '/opt/writescope/*' dev.writescope.cli.Main "$@"
END
    chmod 755 "$root/usr/bin/writescope"
fi
