#!/usr/bin/env bash
# Makes dist/writescope-VERSION-linux-ARCH/ and its tar.gz: the program, its Java runtime and libbpf. Needs no
# privileges. Run by make dist, after make build; for the architecture of this machine.
set -euo pipefail
cd "$(dirname "$0")/.."
java=$(native-build/find-jdk.sh)
target=java/target
version=$(sed -n 's/^version=//p' $target/maven-archiver/pom.properties)
name=writescope-$version-linux-$(uname -m)
dist=dist/$name
epoch=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date +%s)}
log=$target/dist.log

quietly() { # output only if it fails
    "$@" >"$log" 2>&1 || { cat "$log" >&2 && echo "dist: failed: $1" >&2 && exit 1; }
}

# The JDK is told by its release file; making an image takes longer than all the rest, so it is kept.
runtime() {
    # Only what is reached at run time: jdeps would add java.desktop for the images JLine can show.
    local modules=java.base,java.xml,jdk.unsupported kept=$target/runtime
    local made_from
    made_from="$modules $(cat "$java/release")"
    if [[ $(cat $kept/made-from 2>/dev/null) != "$made_from" ]]; then
        rm -rf $kept
        quietly "$java/bin/jlink" --add-modules $modules --strip-debug --no-header-files --no-man-pages \
            --generate-cds-archive --output $kept
        rm -f $kept/lib/server/classes_nocoops*.jsa # for heaps of 32 GB and more
        echo "$made_from" >$kept/made-from
    fi
    cp -a $kept "$dist/runtime"
}

jars() { # prints the class path; writescope first, since most is looked up there
    local jar path="\$home/lib/writescope.jar"
    cp $target/writescope-"$version".jar "$dist/lib/writescope.jar"
    "$java/bin/java" native-build/ModernClasses.java "$target"/lib/*.jar "$dist/lib"
    for jar in "$target"/lib/*.jar; do
        path+=:\$home/lib/${jar##*/}
    done
    echo "$path"
}

native_libraries() { # libbpf and what it needs, but for the C library
    local libbpf path soname package
    libbpf=$(/sbin/ldconfig -p | awk '$1 == "libbpf.so.1" && !found++ { print $NF }') # reads all: pipefail
    while read -r path; do
        soname=${path##*/}
        cp -L "$path" "$dist/lib/native/$soname"
        package=$(dpkg-query -S "*/$soname" | sed 's/[:,].*//;q')
        cp "/usr/share/doc/$package/copyright" "$dist/lib/native/$soname.copyright"
    done < <(echo "$libbpf"; ldd "$libbpf" | awk '$3 ~ /\/lib(elf|z|zstd)\.so/ { print $3 }')
}

launcher() { # CLASSPATH
    sed "s|@CLASSPATH@|$1|" native-build/launcher.sh >"$dist/bin/writescope"
    chmod 755 "$dist/bin/writescope"
}

# What a start loads and links, found by starting.
cache() {
    WRITESCOPE_JAVA_OPTIONS="-XX:AOTCacheOutput=$PWD/$dist/lib/writescope.aot" quietly "$dist/bin/writescope" \
        rehearse -c host -i 1s -d 1s --op fsync,write,block
    [[ -s $dist/lib/writescope.aot ]] || { cat "$log" >&2 && echo "dist: no AOT cache was made" >&2 && exit 1; }
}

texts() {
    local text
    for text in README.md LICENSE NOTICE; do
        [[ ! -e $text ]] || cp $text "$dist/"
    done
    mkdir -p "$dist/share/bash-completion/completions"
    "$dist/bin/writescope" generate-completion >"$dist/share/bash-completion/completions/writescope"
    sed "s|@NAME@|$name|g" native-build/INSTALL >"$dist/INSTALL"
}

rm -rf "$dist" "$dist.tar.gz"
mkdir -p "$dist"/{bin,lib/native}
runtime
launcher "$(jars)"
native_libraries
cache
texts
tar --create --gzip --file "$dist.tar.gz" --directory dist --sort=name --owner=0 --group=0 --numeric-owner \
    --mtime="@$epoch" "$name"
ln -sfn "$name/bin/writescope" dist/writescope # one name for the newest, whatever its version
echo "dist: $dist.tar.gz ($(du -h "$dist.tar.gz" | cut -f1)); unpacked in $dist, how to install is in INSTALL"
