package dev.slipway.web.worker;

import dev.slipway.activities.build.ImageBuildActivities;
import dev.slipway.activities.git.GitCommits;
import dev.slipway.activities.git.GitSettings;
import dev.slipway.activities.git.GitSource;
import dev.slipway.activities.git.JGitActivities;
import dev.slipway.activities.image.ImageComposer;
import dev.slipway.activities.image.Registries;
import dev.slipway.activities.outbound.OutboundGuard;
import dev.slipway.activities.registry.RegistryClient;
import dev.slipway.activities.store.ApplicationStore;
import dev.slipway.activities.store.BuildLog;
import dev.slipway.activities.store.BuildStore;
import dev.slipway.activities.store.EnvironmentStore;
import dev.slipway.activities.store.GitLoginStore;
import dev.slipway.activities.store.JdbcStoreActivities;
import dev.slipway.activities.store.KeptComponents;
import dev.slipway.activities.store.ParameterStore;
import dev.slipway.activities.store.PlanStore;
import dev.slipway.activities.store.QuestionStore;
import dev.slipway.activities.store.ReleaseStore;
import dev.slipway.activities.store.RunStore;
import dev.slipway.activities.store.StepLedger;
import dev.slipway.activities.store.StepLog;
import dev.slipway.web.SlipwaySettings;
import dev.slipway.web.embedded.EmbeddedEngines;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The activities' implementations with the tools they use. */
@Configuration(proxyBeanMethods = false)
class ActivityConfiguration {
    @Bean
    OutboundGuard outboundGuard(SlipwaySettings settings) {
        return settings.outbound().guard();
    }

    @Bean
    GitSettings gitSettings(EmbeddedEngines engines, SlipwaySettings settings, OutboundGuard guard) {
        List<Path> localRoots = new ArrayList<>(settings.git().localFolders());
        if (settings.demo()) {
            localRoots.add(engines.data().folder("demo"));
        }
        GitSettings usual = GitSettings.of(engines.data().folder("git"), localRoots);
        return new GitSettings(
                usual.mirrors(),
                localRoots,
                usual.timeout(),
                usual.fetchTimeout(),
                settings.git().largestRepository().toBytes(),
                settings.git().cache().toBytes(),
                ConfiguredRegistries.trusted(settings.git().caFile()),
                guard);
    }

    @Bean
    GitSource gitSource(GitSettings settings, GitLoginStore logins) {
        return new GitSource(settings, logins);
    }

    @Bean
    GitCommits gitCommits(GitSettings settings, GitLoginStore logins) {
        return new GitCommits(settings, logins);
    }

    /** Slipway's own registry. */
    @Bean
    RegistryClient ownRegistry(EmbeddedEngines engines, SlipwaySettings settings, OutboundGuard guard) {
        return Registries.configured(
                ConfiguredRegistries.own(settings, engines.registryAddress()).reads(), guard);
    }

    @Bean
    ImageComposer imageComposer(RegistryClient ownRegistry, EmbeddedEngines engines) {
        return new ImageComposer(ownRegistry, engines.data().folder("layers"));
    }

    @Bean
    Registries registries(
            RegistryClient ownRegistry, EmbeddedEngines engines, SlipwaySettings settings, OutboundGuard guard) {
        return new Registries(
                ownRegistry,
                ConfiguredRegistries.own(settings, engines.registryAddress()),
                ConfiguredRegistries.others(settings),
                guard);
    }

    @Bean
    JdbcStoreActivities storeActivities(
            QuestionStore questions,
            RunStore runs,
            PlanStore plans,
            ReleaseStore releases,
            EnvironmentStore environments) {
        return new JdbcStoreActivities(runs, plans, releases, environments, questions);
    }

    @Bean
    JGitActivities gitActivities(
            GitSource git,
            ApplicationStore applications,
            EnvironmentStore environments,
            ParameterStore parameters,
            PlanStore plans,
            ReleaseStore releases,
            StepLedger ledger) {
        return new JGitActivities(
                git, applications, environments, parameters, plans, new KeptComponents(releases, plans, ledger));
    }

    @Bean
    ImageBuildActivities imageActivities(
            GitSource git,
            Registries registries,
            ImageComposer composer,
            ClusterRooms clusters,
            BuildStore builds,
            BuildLog buildLog,
            PlanStore plans,
            ReleaseStore releases,
            EnvironmentStore environments,
            ParameterStore parameters,
            StepLedger ledger,
            StepLog log,
            EmbeddedEngines engines,
            SlipwaySettings settings) {
        return new ImageBuildActivities(
                git,
                registries,
                composer,
                clusters.known(),
                settings.builds().profile(),
                settings.builds().bases(),
                new ImageBuildActivities.Stores(
                        builds, buildLog, plans, releases, environments, parameters, ledger, log),
                engines.data().folder("layers"),
                Clock.systemUTC());
    }
}
