package dev.thrum.cli.program;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.Trees;
import java.util.List;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.TypeKind;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Elements;
import org.jspecify.annotations.Nullable;

/// The first class of a source file that has a `main` method.
final class MainClass {
  private MainClass() {}

  static @Nullable String in(CompilationUnitTree unit, JavacTask javac) {
    Trees trees = Trees.instance(javac);
    Elements elements = javac.getElements();
    for (Tree declaration : unit.getTypeDecls()) {
      if (trees.getElement(trees.getPath(unit, declaration)) instanceof TypeElement type
          && hasMain(elements, type)) {
        return elements.getBinaryName(type).toString();
      }
    }
    return null;
  }

  /// The first class, whatever it has.
  static @Nullable String first(CompilationUnitTree unit, JavacTask javac) {
    Trees trees = Trees.instance(javac);
    for (Tree declaration : unit.getTypeDecls()) {
      if (trees.getElement(trees.getPath(unit, declaration)) instanceof TypeElement type) {
        return javac.getElements().getBinaryName(type).toString();
      }
    }
    return null;
  }

  private static boolean hasMain(Elements elements, TypeElement type) {
    return ElementFilter.methodsIn(elements.getAllMembers(type)).stream()
        .anyMatch(MainClass::isMain);
  }

  private static boolean isMain(ExecutableElement method) {
    return method.getSimpleName().contentEquals("main")
        && method.getReturnType().getKind() == TypeKind.VOID
        && !method.getModifiers().contains(Modifier.PRIVATE)
        && takesNothingOrStrings(method.getParameters());
  }

  private static boolean takesNothingOrStrings(List<? extends VariableElement> parameters) {
    return parameters.isEmpty()
        || (parameters.size() == 1
            && parameters.getFirst().asType().toString().equals("java.lang.String[]"));
  }
}
