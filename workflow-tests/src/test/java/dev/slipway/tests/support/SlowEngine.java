package dev.slipway.tests.support;

import dev.slipway.workflows.environment.LaneWorkflow;
import io.temporal.client.WorkflowClient;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Handing a run to the engine takes as long as a test says. For {@link RunningSlipway#start(Class, java.nio.file.Path, String...)}. */
@Configuration(proxyBeanMethods = false)
public class SlowEngine {
    private static volatile Duration delay = Duration.ZERO;

    public static void delay(Duration each) {
        delay = each;
    }

    @Bean
    static BeanPostProcessor slowClient() {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessAfterInitialization(Object bean, String name) {
                return bean instanceof WorkflowClient client ? slow(client) : bean;
            }
        };
    }

    private static void pause() {
        try {
            Thread.sleep(delay.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the engine took its time", e);
        }
    }

    private static Object slow(WorkflowClient client) {
        return Proxy.newProxyInstance(
                SlowEngine.class.getClassLoader(),
                new Class<?>[] {WorkflowClient.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("newWorkflowStub") && arguments[0] == LaneWorkflow.class) {
                        pause();
                    }
                    try {
                        return method.invoke(client, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
