#!/bin/sh
# Starts writescope with the Java runtime next to it, from any directory and through links.
# WRITESCOPE_JAVA_OPTIONS adds options of the JVM, -Xmx1g for example.
self=$0
[ ! -h "$self" ] || self=$(readlink -f "$self")
case $self in */*) ;; *) self=./$self ;; esac
home=$(cd "${self%/*}/.." && pwd -P) || exit 2
# Missing while it is being made; java says so if it does not fit, which only costs time.
cache=$home/lib/writescope.aot
[ -e "$cache" ] && cache=-XX:AOTCache=$cache || cache=-XX:AOTMode=auto
# A small heap, since histograms are few, and both compilers, since C2 halves what an event costs; but later than
# usual: at a start compiling is a fifth of the CPU time. Messages of the JVM must not get between our output.
# shellcheck disable=SC2086 # options are words
exec "$home/runtime/bin/java" "$cache" -Xlog:disable -Xlog:all=warning,aot*=off,cds*=off:stderr \
    -XX:+UseSerialGC -Xms16m -Xmx256m -Xss512k -XX:CompileThresholdScaling=4 \
    -XX:-UsePerfData --enable-native-access=ALL-UNNAMED \
    -Dwritescope.lib="$home/lib/native" ${WRITESCOPE_JAVA_OPTIONS:-} \
    -cp "@CLASSPATH@" dev.writescope.cli.Main "$@"
