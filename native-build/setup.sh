#!/usr/bin/env bash
# Makes a Debian or Ubuntu machine ready: setup.sh [build|demo|test|bench]
#
# "build" is what compiling needs; "demo" also what makes containers and load; "bench" the peers as well; "test", the
# default, what runs and looks into all of it, and virtual machines. Looks first: when everything is there it takes no
# time, no network and no privileges. Exit status 3: something is missing that it cannot install.
set -euo pipefail
cd "$(dirname "$0")/.."
PATH=$PATH:/usr/sbin:/sbin

# What must exist | the packages that provide it, best first. A word is a command, lib….so.N a library, ….h a header,
# ….gpg the keys of an archive.
readonly build_needs='
clang                   clang
llvm-strip              llvm
make                    make
mvn                     maven
gcc                     gcc
libbpf.so.1             libbpf1
libelf.so.1             libelf1t64 libelf1
bpf/bpf_helpers.h       libbpf-dev'
readonly demo_needs='
containerd              containerd
ctr                     containerd
runc                    runc
busybox                 busybox-static
fio                     fio
mkfs.ext4               e2fsprogs
losetup                 util-linux
ip                      iproute2'
readonly test_needs='
strace                  strace
bpftrace                bpftrace
bpftool                 bpftool linux-tools-generic
chromium                chromium chromium-browser
qemu-system-x86_64      qemu-system-x86
debian-archive-keyring.gpg debian-archive-keyring
dmsetup                 dmsetup
mkfs.xfs                xfsprogs
mkfs.btrfs              btrfs-progs
cpio                    cpio
xz                      xz-utils
zstd                    zstd'
readonly bench_needs='
biolatency              libbpf-tools
bpftrace                bpftrace
bpftool                 bpftool linux-tools-generic'

present() {
    case $1 in
        *.so.*) [[ $(ldconfig -p 2>/dev/null) == *"$1"* ]] ;;
        *.gpg) [[ -e /usr/share/keyrings/$1 ]] ;;
        *.h) [[ -e /usr/include/$1 ]] ;;
        llvm-strip) command -v llvm-strip || compgen -G '/usr/bin/llvm-strip-*' ;;
        *) command -v "$1" ;;
    esac >/dev/null
}

available() { # does apt have this package?
    [[ $(apt-cache policy "$1" 2>/dev/null) =~ Candidate:\ [^\(] ]]
}

missing_packages() {
    local need packages package
    while read -r need packages; do
        [[ -n $need ]] || continue
        present "$need" && continue
        for package in $packages ${packages%% *}; do # the last is for when apt knows none of them
            available "$package" && break
        done
        echo "$package"
    done <<<"$needs" | sort -u
}

jdk() { native-build/find-jdk.sh 2>/dev/null; }

how_to_get_a_jdk() {
    local codename
    codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-bookworm}")
    cat >&2 <<HELP
setup: JDK 25 is missing, and the package sources of this machine have none. Take Eclipse Temurin from its makers:
    apt-get install -y wget gpg
    wget -qO- https://packages.adoptium.net/artifactory/api/gpg/key/public | gpg --dearmor >/usr/share/keyrings/adoptium.gpg
    echo 'deb [signed-by=/usr/share/keyrings/adoptium.gpg] https://packages.adoptium.net/artifactory/deb $codename main' >/etc/apt/sources.list.d/adoptium.list
    apt-get update && apt-get install -y temurin-25-jdk
or set JAVA_HOME to any JDK of version 25 or newer.
HELP
}

apt() { # VERB…: quietly; the log is shown when it fails
    echo "setup: apt-get $*"
    if ! DEBIAN_FRONTEND=noninteractive apt-get --quiet --assume-yes --no-install-recommends "$@" >>"$log" 2>&1; then
        tail -n 25 "$log" >&2
        echo "setup: apt-get $1 failed; its whole output is in $log" >&2
        exit 3
    fi
}

case ${1:-test} in
    build) needs=$build_needs ;;
    demo) needs=$build_needs$demo_needs ;;
    bench) needs=$build_needs$demo_needs$bench_needs ;;
    test) needs=$build_needs$demo_needs$test_needs ;;
    *) echo "usage: setup.sh [build|demo|test|bench]" >&2 && exit 2 ;;
esac
readonly log=target/setup.log

mapfile -t packages < <(missing_packages)
home=$(jdk) || home=
if [[ ${#packages[@]} -eq 0 && -n $home ]]; then
    exit 0
fi

if ! command -v apt-get >/dev/null || [[ $EUID -ne 0 ]]; then
    [[ -n $home ]] || packages+=("openjdk-25-jdk-headless (or any JDK of version 25 or newer)")
    echo "setup: these packages are missing (names as in Debian); as root on Debian or Ubuntu, make setup installs them:" >&2
    printf '    %s\n' "${packages[@]}" >&2
    exit 3
fi

mkdir -p target
: >"$log"
apt update
mapfile -t packages < <(missing_packages) # names may differ now that the lists are fresh
if [[ -z $home ]] && available openjdk-25-jdk-headless; then
    packages+=(openjdk-25-jdk-headless)
fi
((${#packages[@]} == 0)) || apt install "${packages[@]}"
home=$(jdk) || { how_to_get_a_jdk && exit 3; }
echo "setup: ready, with the JDK at $home"
