package dev.slipway.web.cli;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** The version of this program. */
@Command(name = "version")
final class VersionCommand implements Callable<Integer> {
    @ParentCommand
    private @Nullable SlipwayCommand root;

    @Override
    public Integer call() {
        SlipwayCommand here = Objects.requireNonNull(root);
        String version = VersionCommand.class.getPackage().getImplementationVersion();
        String shown = version == null ? here.words().text("version.sources") : version;
        here.show(
                here.json().createObjectNode().put("version", shown),
                one -> () -> here.screen().line("slipway " + shown));
        return Exit.DONE;
    }
}
