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
            .layer("view")
            .definedBy("dev.writescope.view..")
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
            .whereLayer("view")
            .mayOnlyBeAccessedByLayers("cli")
            .whereLayer("recording")
            .mayOnlyBeAccessedByLayers("cli", "view")
            .whereLayer("latency")
            .mayOnlyBeAccessedByLayers("cli", "view", "recording")
            .whereLayer("container")
            .mayOnlyBeAccessedByLayers("cli", "view", "recording", "latency")
            .whereLayer("probe")
            .mayOnlyBeAccessedByLayers("cli", "view", "recording", "latency", "container")
            .whereLayer("bpf")
            .mayOnlyBeAccessedByLayers("cli", "probe");

    @ArchTest
    static final ArchRule foreign_memory_calls_stay_in_package_bpf = ArchRuleDefinition.noClasses()
            .that()
            .resideOutsideOfPackage("dev.writescope.bpf..")
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.lang.foreign.Linker");
}
