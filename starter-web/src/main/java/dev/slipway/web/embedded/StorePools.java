package dev.slipway.web.embedded;

import com.zaxxer.hikari.HikariDataSource;
import dev.slipway.web.SlipwaySettings;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;
import org.springframework.web.context.request.RequestContextHolder;

/**
 * The connections to the store. Whoever answers a request has other ones than work in the background, however much of that there
 * is: commands of chats, activities, what is sent to others. A thread that all of them wait for has one for itself. Connections are
 * made when somebody first needs one of their kind.
 */
public final class StorePools extends AbstractRoutingDataSource implements AutoCloseable {
    private static final int REQUESTS = 6;
    private static final int WORK = 6;

    private final EmbeddedEngines engines;
    private final HikariDataSource requests;
    private final HikariDataSource work;
    private final List<HikariDataSource> alone = new CopyOnWriteArrayList<>();

    StorePools(EmbeddedEngines engines) {
        this.engines = engines;
        requests = pool("requests", REQUESTS);
        work = pool("work", WORK);
        setTargetDataSources(Map.of(requests.getPoolName(), requests, work.getPoolName(), work));
    }

    private HikariDataSource pool(String name, int size) {
        HikariDataSource pool = new HikariDataSource();
        pool.setPoolName(name);
        pool.setMaximumPoolSize(size);
        pool.setConnectionTimeout(5_000);
        pool.setValidationTimeout(2_000);
        SlipwaySettings.Database database = engines.settings().database();
        EmbeddedPostgres embedded = engines.postgres();
        if (embedded != null) {
            pool.setJdbcUrl(embedded.url());
            pool.setUsername(embedded.username());
            pool.setPassword(embedded.password().reveal());
        } else {
            pool.setJdbcUrl(database.url());
            pool.setUsername(database.username());
            if (database.password() != null) {
                pool.setPassword(database.password().reveal());
            }
        }
        return pool;
    }

    @Override
    protected @Nullable Object determineCurrentLookupKey() {
        return (RequestContextHolder.getRequestAttributes() == null ? work : requests).getPoolName();
    }

    /** One connection, for one thread. */
    public DataSource alone(String name) {
        HikariDataSource one = pool(name, 1);
        alone.add(one);
        return one;
    }

    @Override
    public void close() {
        requests.close();
        work.close();
        alone.forEach(HikariDataSource::close);
    }
}
