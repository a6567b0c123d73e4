package dev.slipway.workflows.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.workflows.application.yaml.Reading;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ApplicationRoundTripTest {
    @Test
    @DisplayName("every application is read back as it was written, field by field, and written again the same")
    void everyFieldSurvives() {
        GeneratedApplications generated = new GeneratedApplications(20260101);
        for (int i = 0; i < 1_500; i++) {
            Application application = generated.next();

            String yaml = ApplicationWriter.write(application);
            Reading<Application> reading = ApplicationReader.read(yaml);

            if (!application.equals(reading.value())) {
                assertThat(reading.problems()).as(yaml).isEmpty();
                assertThat(reading.value()).as(yaml).isEqualTo(application);
            }
            assertThat(ApplicationWriter.write(reading.orElseThrow())).isEqualTo(yaml);
        }
    }
}
