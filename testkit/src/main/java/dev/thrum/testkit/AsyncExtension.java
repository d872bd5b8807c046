package dev.thrum.testkit;

import dev.thrum.Runner;
import dev.thrum.internal.Warnings;
import dev.thrum.testkit.internal.Case;
import dev.thrum.testkit.internal.FreshInstances;
import dev.thrum.testkit.internal.Watch;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;
import org.junit.platform.commons.support.AnnotationSupport;

/// Runs [AsyncTest], [Explore] and [Replay] methods on loops.
///
/// They are test templates with a single invocation, so that another template at the same method,
/// such as a parameterized test, can bring the invocations instead.
public final class AsyncExtension
    implements TestTemplateInvocationContextProvider, InvocationInterceptor, ParameterResolver {
  private static final ExtensionContext.Namespace OWN =
      ExtensionContext.Namespace.create(AsyncExtension.class);
  private static final List<Class<? extends Annotation>> OURS =
      List.of(AsyncTest.class, Explore.class, Replay.class);

  /// Made by JUnit.
  public AsyncExtension() {}

  // The single invocation

  @Override
  public boolean supportsTestTemplate(ExtensionContext context) {
    return Stream.of(context.getRequiredTestMethod().getAnnotations())
        .map(Annotation::annotationType)
        .noneMatch(type -> isTemplate(type) && !isOurs(type));
  }

  private static boolean isTemplate(Class<? extends Annotation> type) {
    return AnnotationSupport.isAnnotated(type, TestTemplate.class);
  }

  private static boolean isOurs(Class<? extends Annotation> type) {
    return OURS.stream().anyMatch(own -> own == type || AnnotationSupport.isAnnotated(type, own));
  }

  @Override
  public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(
      ExtensionContext context) {
    return Stream.of(
        new TestTemplateInvocationContext() {
          @Override
          public String getDisplayName(int index) {
            return context.getDisplayName();
          }
        });
  }

  // Running

  @Override
  public void interceptTestTemplateMethod(
      Invocation<@Nullable Void> invocation,
      ReflectiveInvocationContext<Method> call,
      ExtensionContext context)
      throws Throwable {
    Method method = call.getExecutable();
    Optional<Replay> replay = AnnotationSupport.findAnnotation(method, Replay.class);
    Optional<Explore> explore = AnnotationSupport.findAnnotation(method, Explore.class);
    String schedule = replay.map(Replay::value).orElse(asked(context));
    if (schedule != null && (replay.isPresent() || explore.isPresent())) {
      invocation.skip();
      ExploreOptions options = explore.map(AsyncExtension::options).orElse(Explorer.options());
      replay(options, schedule, call, context);
    } else if (explore.isPresent()) {
      invocation.skip();
      explore(options(explore.get()), call, context);
    } else {
      AsyncTest test = AnnotationSupport.findAnnotation(method, AsyncTest.class).orElseThrow();
      runOnce(test, invocation, context);
    }
  }

  /// The schedule that the command line has for this test.
  private static @Nullable String asked(ExtensionContext context) {
    String only = System.getProperty("thrum.replay.test");
    Class<?> type = context.getRequiredTestClass();
    String method = "." + context.getRequiredTestMethod().getName();
    return only == null
            || only.equals(type.getSimpleName() + method)
            || only.equals(type.getName() + method)
        ? System.getProperty("thrum.replay")
        : null;
  }

  private static ExploreOptions options(Explore asked) {
    ExploreOptions options =
        Explorer.options()
            .schedules(asked.schedules())
            .time(Duration.ofNanos((long) (asked.seconds() * 1e9)))
            .strategy(asked.strategy())
            .steps(asked.steps());
    options = asked.seed() == 0 ? options : options.seed(asked.seed());
    options = asked.cancelAnywhere() ? options.cancelAnywhere() : options;
    options = asked.timeSkew() ? options.timeSkew() : options;
    return asked.sharedOnly() ? options.sharedOnly() : options;
  }

  private static void explore(
      ExploreOptions options, ReflectiveInvocationContext<Method> call, ExtensionContext context)
      throws IOException {
    Case.Assuming body = body(call, context);
    Verdict verdict = Explorer.explore(options, body);
    page(context, verdict);
    if (verdict.passed()) {
      body.check();
      context.publishReportEntry("thrum", verdict.report());
    }
    verdict.orThrow();
  }

  private static void replay(
      ExploreOptions options,
      String schedule,
      ReflectiveInvocationContext<Method> call,
      ExtensionContext context) {
    Case.Assuming body = body(call, context);
    Verdict verdict = Explorer.replay(options, schedule, body);
    verdict.orThrow();
    body.check();
    for (String note : verdict.uncontrolled()) {
      if (note.startsWith("diverged")) {
        throw new AssertionError(note);
      }
    }
  }

  private static Case.Assuming body(
      ReflectiveInvocationContext<Method> call, ExtensionContext context) {
    boolean keep =
        context.getTestInstanceLifecycle().orElse(null) == TestInstance.Lifecycle.PER_CLASS;
    Object given = call.getTarget().orElse(null);
    Method method = call.getExecutable();
    List<Object> arguments = call.getArguments();
    if (given == null) {
      return new Case.Assuming(() -> FreshInstances.invoke(null, method, arguments));
    }
    FreshInstances instances = new FreshInstances(given, keep);
    return new Case.Assuming(
        new Case() {
          private Object instance = given;

          @Override
          public void before() throws Throwable {
            instance = instances.next();
          }

          @Override
          public void run() throws Throwable {
            FreshInstances.invoke(instance, method, arguments);
          }

          @Override
          public void after() throws Throwable {
            instances.done();
          }
        });
  }

  /// A failure as a page, for those who have said where to put it.
  private static void page(ExtensionContext context, Verdict verdict) throws IOException {
    String folder = System.getProperty("thrum.reports");
    if (folder == null || verdict.passed()) {
      return;
    }
    String name =
        context.getRequiredTestClass().getName() + "." + context.getRequiredTestMethod().getName();
    Path page = verdict.writeHtml(Path.of(folder, name + ".html"));
    System.err.println(context.getDisplayName() + ": the failing schedule is drawn in " + page);
    context.publishReportEntry("thrum", page.toString());
  }

  // With virtual time

  private static void runOnce(
      AsyncTest test, Invocation<@Nullable Void> invocation, ExtensionContext context)
      throws Throwable {
    VirtualClock clock = clock(context);
    Watch watch = new Watch();
    List<String> wrong = Collections.synchronizedList(new ArrayList<>());
    Runnable deaf = Warnings.listen(wrong::add);
    Deadline deadline = Deadline.start(test.timeout(), watch);
    clock.onSilence(() -> {
      if (!watch.waitsInJdk()) {
        deadline.hangs("every task waits, and nothing is left that could wake one");
      }
    });
    Throwable thrown = null;
    try {
      Runner.builder()
          .time(clock)
          .debug(true)
          .ctrlC(Runner.CtrlC.NEVER)
          .instrument(watch)
          .exceptionHandler((task, failure) ->
              wrong.add("task " + task.name() + " failed with nobody to tell: " + failure))
          .run(() -> invocation.proceed());
    } catch (Throwable e) {
      thrown = e;
    }
    deadline.close();
    deaf.run();
    deadline.orThrow(thrown);
    watch.realTime().forEach(note -> tell(context, note));
    watch
        .cut()
        .forEach(name ->
            wrong.add(
                "submitted task " + name + " was still running at the end and was cancelled"));
    if (test.strict() && !wrong.isEmpty()) {
      throw new AssertionError("the test passed, but:\n  " + String.join("\n  ", wrong));
    }
  }

  private static void tell(ExtensionContext context, String note) {
    System.err.println(context.getDisplayName() + ": " + note);
    context.publishReportEntry("thrum", note);
  }

  // The clock as a parameter

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == VirtualClock.class
        && AnnotationSupport.isAnnotated(context.getTestMethod(), AsyncTest.class);
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return clock(context);
  }

  private static VirtualClock clock(ExtensionContext context) {
    return context
        .getStore(OWN)
        .computeIfAbsent(VirtualClock.class, _ -> VirtualClock.autojump(), VirtualClock.class);
  }
}
