package dev.slipway.web.worker;

import dev.slipway.activities.notify.Outbox;
import dev.slipway.activities.notify.StatusHostStore;
import dev.slipway.activities.notify.WebhookStore;
import dev.slipway.activities.store.ApplicationStore;
import dev.slipway.activities.store.BuildLog;
import dev.slipway.activities.store.BuildStore;
import dev.slipway.activities.store.ChatStore;
import dev.slipway.activities.store.ClusterStore;
import dev.slipway.activities.store.ComponentStateStore;
import dev.slipway.activities.store.CredentialStore;
import dev.slipway.activities.store.DeliveryStore;
import dev.slipway.activities.store.EnvironmentStore;
import dev.slipway.activities.store.GitLoginStore;
import dev.slipway.activities.store.HookStore;
import dev.slipway.activities.store.InboxStore;
import dev.slipway.activities.store.InstanceStore;
import dev.slipway.activities.store.KeyRotation;
import dev.slipway.activities.store.ParameterStore;
import dev.slipway.activities.store.PersonStore;
import dev.slipway.activities.store.PlanStore;
import dev.slipway.activities.store.PushRuleStore;
import dev.slipway.activities.store.QuestionStore;
import dev.slipway.activities.store.ReleaseStore;
import dev.slipway.activities.store.RepeatStore;
import dev.slipway.activities.store.RunListener;
import dev.slipway.activities.store.RunStore;
import dev.slipway.activities.store.SecretBox;
import dev.slipway.activities.store.StepLedger;
import dev.slipway.activities.store.StepLog;
import dev.slipway.activities.store.UndoStore;
import dev.slipway.web.embedded.StorePools;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The stores, for the worker and for the pages. */
@Configuration(proxyBeanMethods = false)
class StoreConfiguration {
    @Bean
    ApplicationStore applicationStore(JdbcClient jdbc) {
        return new ApplicationStore(jdbc);
    }

    @Bean
    EnvironmentStore environmentStore(JdbcClient jdbc) {
        return new EnvironmentStore(jdbc);
    }

    @Bean
    ParameterStore parameterStore(JdbcClient jdbc, SecretBox box) {
        return new ParameterStore(jdbc, box);
    }

    @Bean
    InstanceStore instanceStore(JdbcClient jdbc) {
        return new InstanceStore(jdbc);
    }

    @Bean
    RunStore runStore(JdbcClient jdbc, PlatformTransactionManager transactions, ObjectProvider<RunListener> listeners) {
        return new RunStore(
                jdbc,
                new TransactionTemplate(transactions),
                () -> listeners.orderedStream().toList());
    }

    @Bean
    Outbox outbox(JdbcClient jdbc, SecretBox box) {
        return new Outbox(jdbc, box);
    }

    @Bean
    WebhookStore webhookStore(JdbcClient jdbc, SecretBox box) {
        return new WebhookStore(jdbc, box);
    }

    @Bean
    StatusHostStore statusHostStore(JdbcClient jdbc, SecretBox box) {
        return new StatusHostStore(jdbc, box);
    }

    @Bean
    PlanStore planStore(JdbcClient jdbc) {
        return new PlanStore(jdbc);
    }

    @Bean
    UndoStore undoStore(JdbcClient jdbc, SecretBox box) {
        return new UndoStore(jdbc, box);
    }

    @Bean
    QuestionStore questionStore(
            JdbcClient jdbc,
            PlatformTransactionManager transactions,
            ObjectProvider<RunListener> listeners,
            RunStore runs) {
        return new QuestionStore(
                jdbc,
                new TransactionTemplate(transactions),
                runs,
                () -> listeners.orderedStream().toList());
    }

    @Bean
    KeyRotation keyRotation(JdbcClient jdbc, SecretBox box) {
        return new KeyRotation(jdbc, box);
    }

    @Bean
    GitLoginStore gitLoginStore(JdbcClient jdbc, SecretBox box) {
        return new GitLoginStore(jdbc, box);
    }

    @Bean
    ChatStore chatStore(JdbcClient jdbc, StorePools pools, SecretBox box) {
        return new ChatStore(jdbc, pools.alone("chat-intake"), box);
    }

    @Bean
    ClusterStore clusterStore(JdbcClient jdbc, SecretBox box) {
        return new ClusterStore(jdbc, box);
    }

    @Bean
    InboxStore inboxStore(JdbcClient jdbc) {
        return new InboxStore(jdbc);
    }

    @Bean
    PersonStore personStore(JdbcClient jdbc, PlatformTransactionManager transactions) {
        return new PersonStore(jdbc, new TransactionTemplate(transactions));
    }

    @Bean
    CredentialStore credentialStore(JdbcClient jdbc) {
        return new CredentialStore(jdbc);
    }

    @Bean
    RepeatStore repeatStore(JdbcClient jdbc, SecretBox box) {
        return new RepeatStore(jdbc, box);
    }

    @Bean
    StepLedger stepLedger(JdbcClient jdbc) {
        return new StepLedger(jdbc);
    }

    @Bean
    StepLog stepLog(JdbcClient jdbc, BuildLog builds) {
        return new StepLog(jdbc, builds);
    }

    @Bean
    ReleaseStore releaseStore(JdbcClient jdbc, PlatformTransactionManager transactions) {
        return new ReleaseStore(jdbc, new TransactionTemplate(transactions));
    }

    @Bean
    BuildStore buildStore(JdbcClient jdbc, PlatformTransactionManager transactions) {
        return new BuildStore(jdbc, new TransactionTemplate(transactions));
    }

    @Bean
    BuildLog buildLog(JdbcClient jdbc, PlatformTransactionManager transactions) {
        return new BuildLog(jdbc, new TransactionTemplate(transactions));
    }

    @Bean
    HookStore hookStore(JdbcClient jdbc, PlatformTransactionManager transactions, SecretBox box) {
        return new HookStore(jdbc, new TransactionTemplate(transactions), box);
    }

    @Bean
    PushRuleStore pushRuleStore(JdbcClient jdbc, PlatformTransactionManager transactions) {
        return new PushRuleStore(jdbc, new TransactionTemplate(transactions));
    }

    @Bean
    DeliveryStore deliveryStore(JdbcClient jdbc, PlatformTransactionManager transactions) {
        return new DeliveryStore(jdbc, new TransactionTemplate(transactions));
    }

    @Bean
    ComponentStateStore componentStateStore(JdbcClient jdbc) {
        return new ComponentStateStore(jdbc);
    }
}
