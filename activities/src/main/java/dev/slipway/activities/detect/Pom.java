package dev.slipway.activities.detect;

import java.io.StringReader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * What of a {@code pom.xml} says how it is packed. Of profiles those count that switch themselves on; pluginManagement builds
 * nothing by itself.
 *
 * @param modules as written
 * @param plugins artifact ids
 * @param mainClass that a plugin packs; empty: none is named
 */
record Pom(String artifactId, String packaging, List<String> modules, Set<String> plugins, String mainClass) {
    private static final int DEEPEST = 60;
    private static final XMLInputFactory XML = factory();

    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        return factory;
    }

    /** Empty: it is no pom. */
    static Optional<Pom> parse(String text) {
        try {
            XMLStreamReader xml;
            synchronized (XML) {
                xml = XML.createXMLStreamReader(new StringReader(text));
            }
            return Optional.of(read(xml)).filter(pom -> !pom.artifactId().isEmpty());
        } catch (XMLStreamException | RuntimeException e) {
            return Optional.empty(); // the parser throws its own kinds at hostile text; to us they are all no pom
        }
    }

    private static Pom read(XMLStreamReader xml) throws XMLStreamException {
        Deque<String> at = new ArrayDeque<>();
        String artifactId = "";
        String packaging = "jar";
        String mainClass = "";
        List<String> modules = new ArrayList<>();
        Set<String> plugins = new LinkedHashSet<>();
        Set<String> ofProfile = new LinkedHashSet<>();
        boolean active = false;
        StringBuilder text = new StringBuilder();
        while (xml.hasNext()) {
            switch (xml.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    at.addLast(xml.getLocalName());
                    text.setLength(0);
                    if (at.size() > DEEPEST) {
                        throw new XMLStreamException("too deep");
                    }
                }
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> text.append(xml.getText());
                case XMLStreamConstants.END_ELEMENT -> {
                    String path = String.join("/", at);
                    String value = text.toString().strip();
                    switch (path) {
                        case "project/artifactId" -> artifactId = value;
                        case "project/packaging" -> packaging = value;
                        case "project/modules/module" -> modules.add(value);
                        case "project/build/plugins/plugin/artifactId" -> plugins.add(value);
                        case "project/properties/start-class", "project/properties/exec.mainClass" -> mainClass = value;
                        case "project/profiles/profile/build/plugins/plugin/artifactId" -> ofProfile.add(value);
                        case "project/profiles/profile/activation" -> active = true;
                        case "project/profiles/profile" -> {
                            if (active) {
                                plugins.addAll(ofProfile);
                            }
                            ofProfile.clear();
                            active = false;
                        }
                        default -> {
                            if (path.startsWith("project/build/plugins/plugin/") && path.endsWith("/mainClass")) {
                                mainClass = value;
                            }
                        }
                    }
                    at.removeLast();
                    text.setLength(0);
                }
                default -> {}
            }
        }
        return new Pom(artifactId, packaging, modules, plugins, mainClass);
    }
}
