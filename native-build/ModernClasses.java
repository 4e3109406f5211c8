import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassHierarchyResolver.ClassHierarchyInfo;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;

/**
 * Copies jars and gives class files from before Java 6 the form of today: java ModernClasses.java JAR… DIRECTORY.
 *
 * <p>The AOT cache refuses to keep such old ones, because they lack the stack maps of the newer verifier; these are
 * made here. Nothing else changes, and jars without old classes are copied as they are.
 */
final class ModernClasses {
    private ModernClasses() {}

    public static void main(String[] arguments) throws IOException {
        int jars = arguments.length - 1;
        Path directory = Path.of(arguments[jars]);
        for (int i = 0; i < jars; i++) {
            Path from = Path.of(arguments[i]);
            try (JarFile jar = new JarFile(from.toFile());
                    OutputStream to = Files.newOutputStream(directory.resolve(from.getFileName()))) {
                if (hasOldClasses(jar)) {
                    copy(jar, to);
                } else {
                    Files.copy(from, to);
                }
            }
        }
    }

    private static boolean hasOldClasses(JarFile jar) throws IOException {
        for (JarEntry entry : Collections.list(jar.entries())) {
            if (isClass(entry)) {
                try (InputStream in = jar.getInputStream(entry)) {
                    byte[] head = in.readNBytes(8);
                    if (head.length == 8 && (head[6] << 8 | head[7]) < ClassFile.JAVA_6_VERSION) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private static boolean isClass(JarEntry entry) {
        return entry.getName().endsWith(".class");
    }

    private static void copy(JarFile from, OutputStream file) throws IOException {
        ClassFile classFile = ClassFile.of(
                ClassFile.ClassHierarchyResolverOption.of(hierarchy(from)),
                ClassFile.StackMapsOption.GENERATE_STACK_MAPS);
        try (JarOutputStream to = new JarOutputStream(file)) {
            for (JarEntry entry : Collections.list(from.entries())) {
                JarEntry copy = new JarEntry(entry.getName());
                copy.setTime(entry.getTime());
                to.putNextEntry(copy);
                try (InputStream in = from.getInputStream(entry)) {
                    byte[] bytes = in.readAllBytes();
                    to.write(isClass(entry) ? modern(classFile, bytes) : bytes);
                }
            }
        }
    }

    private static byte[] modern(ClassFile classFile, byte[] bytes) {
        ClassModel old = classFile.parse(bytes);
        if (old.majorVersion() >= ClassFile.JAVA_6_VERSION) {
            return bytes;
        }
        // An identity transform that is not known as one: methods are written anew, and so get stack maps.
        return classFile.transformClass(
                old,
                ClassTransform.transformingMethodBodies(CodeBuilder::with)
                        .andThen(ClassTransform.endHandler(
                                builder -> builder.with(ClassFileVersion.of(ClassFile.JAVA_8_VERSION, 0)))));
    }

    /** The classes of the jar and of the JDK; what is in neither, an optional dependency, counts as a plain class. */
    private static ClassHierarchyResolver hierarchy(JarFile jar) {
        return ClassHierarchyResolver.ofResourceParsing(type -> open(jar, type))
                .orElse(ClassHierarchyResolver.defaultResolver())
                .orElse(type -> ClassHierarchyInfo.ofClass(ConstantDescs.CD_Object))
                .cached();
    }

    private static InputStream open(JarFile jar, ClassDesc type) {
        String descriptor = type.descriptorString();
        JarEntry entry = jar.getJarEntry(descriptor.substring(1, descriptor.length() - 1) + ".class");
        try {
            return entry == null ? null : jar.getInputStream(entry);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
