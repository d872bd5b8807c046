package dev.thrum.reports;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/// A page, read by an XML parser, which forgives nothing.
record Page(Document document) {

  static Page of(String html) {
    try {
      var builder = DocumentBuilderFactory.newInstance().newDocumentBuilder();
      builder.setErrorHandler(null);
      return new Page(builder.parse(new InputSource(new StringReader(html))));
    } catch (SAXException | IOException | ParserConfigurationException e) {
      throw new AssertionError(e.getMessage() + " in:\n" + html, e);
    }
  }

  private NodeList found(String path) {
    try {
      return (NodeList)
          XPathFactory.newInstance().newXPath().evaluate(path, document, XPathConstants.NODESET);
    } catch (XPathExpressionException e) {
      throw new AssertionError(path, e);
    }
  }

  int count(String path) {
    return found(path).getLength();
  }

  /// The text of the first that is found.
  String text(String path) {
    List<String> all = texts(path);
    if (all.isEmpty()) {
      throw new AssertionError("the page has no " + path);
    }
    return all.getFirst();
  }

  List<String> texts(String path) {
    NodeList nodes = found(path);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      texts.add(nodes.item(i).getTextContent().strip());
    }
    return texts;
  }
}
