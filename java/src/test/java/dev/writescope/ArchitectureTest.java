package dev.writescope;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;

/** The package rule of the design: one reason to change each, depending only downwards. */
@AnalyzeClasses(packages = "dev.writescope", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule packages_depend_only_downwards = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("cli")
            .definedBy("dev.writescope.cli..")
            .layer("export")
            .definedBy("dev.writescope.export..")
            .layer("view")
            .definedBy("dev.writescope.view..")
            .optionalLayer("gate")
            .definedBy("dev.writescope.gate..")
            .optionalLayer("compare")
            .definedBy("dev.writescope.compare..")
            .optionalLayer("detect")
            .definedBy("dev.writescope.detect..")
            .layer("explain")
            .definedBy("dev.writescope.explain..")
            .layer("evidence")
            .definedBy("dev.writescope.evidence..")
            .layer("recording")
            .definedBy("dev.writescope.recording..")
            .layer("latency")
            .definedBy("dev.writescope.latency..")
            .layer("container")
            .definedBy("dev.writescope.container..")
            .layer("probe")
            .definedBy("dev.writescope.probe..")
            .layer("bpf")
            .definedBy("dev.writescope.bpf..")
            .whereLayer("cli")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("export")
            .mayOnlyBeAccessedByLayers("cli")
            .whereLayer("view")
            .mayOnlyBeAccessedByLayers("cli", "export")
            .whereLayer("gate")
            .mayOnlyBeAccessedByLayers("cli", "export", "view")
            .whereLayer("compare")
            .mayOnlyBeAccessedByLayers("cli", "export", "view", "gate")
            .whereLayer("detect")
            .mayOnlyBeAccessedByLayers("cli", "export", "view", "gate")
            .whereLayer("explain")
            .mayOnlyBeAccessedByLayers("cli", "export", "view")
            .whereLayer("recording")
            .mayOnlyBeAccessedByLayers("cli", "export", "view", "gate", "compare", "detect", "explain")
            .whereLayer("latency")
            .mayOnlyBeAccessedByLayers("cli", "export", "view", "gate", "compare", "detect", "explain", "recording")
            .whereLayer("evidence")
            .mayOnlyBeAccessedByLayers("cli", "view", "explain", "recording", "latency")
            .whereLayer("container")
            .mayOnlyBeAccessedByLayers(
                    "cli", "export", "view", "gate", "compare", "detect", "explain", "recording", "latency", "evidence")
            .whereLayer("probe")
            .mayOnlyBeAccessedByLayers(
                    "cli",
                    "export",
                    "view",
                    "gate",
                    "compare",
                    "detect",
                    "explain",
                    "recording",
                    "latency",
                    "container")
            .whereLayer("bpf")
            .mayOnlyBeAccessedByLayers("cli", "probe", "evidence");

    @ArchTest
    static final ArchRule foreign_memory_calls_stay_in_package_bpf = ArchRuleDefinition.noClasses()
            .that()
            .resideOutsideOfPackage("dev.writescope.bpf..")
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.lang.foreign.Linker");
}
