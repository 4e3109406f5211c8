package dev.writescope.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.compare.Comparison;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.SchemaFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class ComparisonJunitTest {
    private static String xml(Comparison comparison) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ComparisonJunit.write(comparison, out);
        return out.toString(StandardCharsets.UTF_8);
    }

    /** Fails if the XML is malformed or invalid. */
    private static Document parse(String xml) throws Exception {
        byte[] bytes = xml.getBytes(StandardCharsets.UTF_8);
        SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI)
                .newSchema(Objects.requireNonNull(ComparisonJunitTest.class.getResource("/junit.xsd")))
                .newValidator()
                .validate(new StreamSource(new ByteArrayInputStream(bytes)));
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new ByteArrayInputStream(bytes));
    }

    @Test
    void each_subject_and_quantile_is_a_test() throws Exception {
        String xml = xml(Comparisons.full());
        parse(xml);
        assertThat(xml).contains("""
                        <testsuite name="writescope compare" tests="9" failures="1" errors="0" skipped="2" time="13.0" timestamp="2026-11-24T12:03:00" hostname="node-7">
                        <properties>
                        <property name="before" value="before.hlog"/>
                        <property name="after" value="after.hlog"/>
                        <property name="mount of db" value="/ (overlay) → /data (ext4)"/>
                        <property name="options of /data in db" value=" → rw,noatime"/>
                        </properties>
                        <testcase classname="shop/web-0/web" name="write P50" time="0"><system-out>no change larger than 10 %: from 19.0 µs to 19.1 µs, +0.5 % (−1.0 % to +2.0 %)</system-out></testcase>
                        <testcase classname="shop/web-0/web" name="write P99" time="0"><failure type="regression" message="from 53.0 µs to 73.0 µs, +38 % (+21 % to +59 %)"/></testcase>
                        """, """
                        <testcase classname="db" name="fsync P99.9" time="0"><skipped message="not enough data: fewer than 20 operations above it"/></testcase>
                        """);
    }

    @Test
    void without_any_verdict_there_is_an_error_so_that_nobody_takes_it_for_a_pass() throws Exception {
        Document parsed = parse(xml(Comparisons.of()));
        Element suite = (Element) parsed.getElementsByTagName("testsuite").item(0);
        assertThat(suite.getAttribute("tests")).isEqualTo("1");
        assertThat(suite.getAttribute("errors")).isEqualTo("1");
        Element error = (Element) parsed.getElementsByTagName("error").item(0);
        assertThat(error.getAttribute("message")).contains("no container in common");
    }

    @Test
    void names_may_have_anything_in_them() throws Exception {
        String hostile = Sample.HOSTILE + "\ufffe\uffff\ud83d]]>&amp;<failure message=\"'\"/>";
        Document parsed = parse(xml(Comparisons.hostile(hostile)));
        Element test = (Element) parsed.getElementsByTagName("testcase").item(0);
        assertThat(test.getAttribute("classname")).isEqualTo(Printable.of(hostile));
        assertThat(parsed.getElementsByTagName("failure").getLength()).isEqualTo(1);
    }
}
