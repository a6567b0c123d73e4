package dev.slipway.web.api;

import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Method;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Parameters in an address are those that the route has, and of a sane length: a mistyped filter that is silently ignored
 * answers another question than was asked.
 */
final class QueryRules implements HandlerInterceptor {
    static final int LONGEST = 1_000;

    private final Map<Method, Known> routes = new ConcurrentHashMap<>();

    /**
     * @param free the route looks at parameters by itself
     * @param types by name
     */
    private record Known(boolean free, Map<String, Class<?>> types) {}

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        String query = request.getQueryString();
        if (request.getDispatcherType() == DispatcherType.REQUEST
                && query != null
                && handler instanceof HandlerMethod route) {
            List<Problem> problems = problems(query, routes.computeIfAbsent(route.getMethod(), unused -> known(route)));
            if (!problems.isEmpty()) {
                throw new ProblemException(problems);
            }
        }
        return true;
    }

    private static List<Problem> problems(String query, Known known) {
        List<Problem> problems = new ArrayList<>();
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
            Class<?> type = known.types().get(name);
            if (value.length() > LONGEST) {
                problems.add(invalid(name, "a parameter has at most " + LONGEST + " characters"));
            } else if (type == null && !known.free() && !name.isEmpty()) {
                problems.add(invalid(name, name + " is not known; there are " + names(known)));
            } else if (type != null && value.isEmpty() && !CharSequence.class.isAssignableFrom(type)) {
                problems.add(invalid(name, name + " has no value"));
            }
        }
        return problems;
    }

    private static String names(Known known) {
        return known.types().isEmpty()
                ? "none"
                : String.join(", ", known.types().keySet());
    }

    private static Problem invalid(String name, String reason) {
        String shown = name.length() > 40 ? name.substring(0, 40) + "…" : name;
        return Problem.of(
                ProblemCode.REQUEST_INVALID, shown, "reason", reason.replace(name.isEmpty() ? "\0" : name, shown));
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            throw new ProblemException(Problem.of(
                    ProblemCode.REQUEST_INVALID, "", "reason", "a parameter is not percent-encoded as it has to be"));
        }
    }

    private static Known known(HandlerMethod route) {
        boolean free = false;
        Map<String, Class<?>> types = new TreeMap<>();
        for (MethodParameter parameter : route.getMethodParameters()) {
            RequestParam asked = parameter.getParameterAnnotation(RequestParam.class);
            if (asked != null) {
                String name = asked.name().isEmpty() ? asked.value() : asked.name();
                types.put(name, parameter.getParameterType());
            }
            free |= parameter.getParameterType() == HttpServletRequest.class
                    || Map.class.isAssignableFrom(parameter.getParameterType())
                    || (asked != null && types.containsKey(""));
        }
        return new Known(free, types);
    }
}
