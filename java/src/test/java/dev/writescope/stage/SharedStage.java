package dev.writescope.stage;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests one stage for as long as the test run lasts, since starting one takes seconds. A test names its
 * containers and disks as no other does, and need not stop them.
 */
public final class SharedStage implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == ContainerStage.class;
    }

    @Override
    public ContainerStage resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.GLOBAL)
                .computeIfAbsent(ContainerStage.class, key -> ContainerStage.up(), ContainerStage.class);
    }
}
