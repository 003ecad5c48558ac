//! A QGIS project over a GeoPackage that lies beside it: every layer with its style, tables behind them. One `.qgz`, which is a ZIP with
//! one `.qgs` in it; the path is relative, and nothing in it has a date.
//!
//! # References
//! QGIS 3, `QgsProject::write` and `QgsMapLayer::writeLayerXml` (the XML).

use super::geojson::GeometryKind;
use super::qgis_style::{Style, attribute};
use std::io::{self, Cursor, Write};
use zip::write::{SimpleFileOptions, ZipWriter};
use zip::{CompressionMethod, DateTime, System};

/// A layer, or a table where it has no geometry.
#[derive(Clone, Debug)]
pub struct ProjectLayer<'a> {
    /// Its name in the GeoPackage.
    pub name: &'a str,
    /// What it is called in the list of layers.
    pub title: String,
    /// Its geometry, and how it is drawn.
    pub drawn: Option<(GeometryKind, Style)>,
    /// Whether it is drawn when the project is opened.
    pub is_shown: bool,
}

/// A project; the layer that is drawn last, over all others, stands first.
#[derive(Clone, Debug)]
pub struct Project<'a> {
    /// Its title.
    pub title: &'a str,
    /// The GeoPackage, in the same folder.
    pub package: &'a str,
    /// What is seen when it is opened: west, south, east, north.
    pub view: Option<[f64; 4]>,
    /// Layers and tables.
    pub layers: Vec<ProjectLayer<'a>>,
}

/// WGS 84 as QGIS describes it.
const WGS_84: &str = "<spatialrefsys><proj4>+proj=longlat +datum=WGS84 +no_defs</proj4><srsid>3452</srsid><srid>4326</srid>\
    <authid>EPSG:4326</authid><description>WGS 84</description><projectionacronym>longlat</projectionacronym>\
    <ellipsoidacronym>EPSG:7030</ellipsoidacronym><geographicflag>true</geographicflag></spatialrefsys>";

impl Project<'_> {
    /// The project as a file of its own.
    ///
    /// # Errors
    /// What the container refuses.
    pub fn qgz(&self) -> io::Result<Vec<u8>> {
        let inner = self.package.rsplit_once('.').map_or(self.package, |(stem, _)| stem);
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        // not compressed, and the first day that the container knows: no clock is read
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        zip.start_file(format!("{inner}.qgs"), options.last_modified_time(DateTime::default()).system(System::Unix))?;
        zip.write_all(self.qgs().as_bytes())?;
        Ok(zip.finish()?.into_inner())
    }

    fn qgs(&self) -> String {
        let title = attribute(self.title);
        let mut s = format!(
            "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n<qgis version=\"3.16.0\" projectname=\"{title}\">\n\
             <homePath path=\"\"/>\n<title>{title}</title>\n<projectCrs>{WGS_84}</projectCrs>\n<layer-tree-group>\n"
        );
        for layer in &self.layers {
            let (id, title, source) = (id_of(layer), attribute(&layer.title), attribute(&self.source(layer)));
            let checked = if layer.is_shown { "Qt::Checked" } else { "Qt::Unchecked" };
            s += &format!(
                "<layer-tree-layer id=\"{id}\" name=\"{title}\" providerKey=\"ogr\" source=\"{source}\" checked=\"{checked}\" expanded=\"0\"/>\n"
            );
        }
        s += "</layer-tree-group>\n";
        s += &self.canvas();
        s += "<projectlayers>\n";
        for layer in &self.layers {
            s += &self.layer(layer);
        }
        s + "</projectlayers>\n<properties><Paths><Absolute type=\"bool\">false</Absolute></Paths></properties>\n</qgis>\n"
    }

    fn source(&self, layer: &ProjectLayer<'_>) -> String {
        format!("./{}|layername={}", self.package, layer.name)
    }

    fn canvas(&self) -> String {
        let Some([west, south, east, north]) = self.view else { return String::new() };
        format!(
            "<mapcanvas name=\"theMapCanvas\" annotationsVisible=\"1\"><units>degrees</units><extent><xmin>{west}</xmin><ymin>{south}</ymin>\
             <xmax>{east}</xmax><ymax>{north}</ymax></extent><rotation>0</rotation><destinationsrs>{WGS_84}</destinationsrs></mapcanvas>\n"
        )
    }

    fn layer(&self, layer: &ProjectLayer<'_>) -> String {
        let (id, title, source) = (id_of(layer), attribute(&layer.title), attribute(&self.source(layer)));
        let (geometry, (attributes, looks)) = match &layer.drawn {
            Some((kind, style)) => (geometry(*kind), style.of_layer()),
            None => ("No geometry", ("", "")),
        };
        format!(
            "<maplayer type=\"vector\" geometry=\"{geometry}\" {attributes}>\n<id>{id}</id>\n<datasource>{source}</datasource>\n\
             <layername>{title}</layername>\n<srs>{WGS_84}</srs>\n<provider encoding=\"UTF-8\">ogr</provider>\n{looks}</maplayer>\n"
        )
    }
}

/// The id of a layer. QGIS takes none of ten characters or less, and the list of layers would then not know it.
fn id_of(layer: &ProjectLayer<'_>) -> String {
    attribute(&format!("chargegap_{}", layer.name))
}

fn geometry(kind: GeometryKind) -> &'static str {
    match kind {
        GeometryKind::Point => "Point",
        GeometryKind::Line | GeometryKind::Lines => "Line",
        GeometryKind::Area => "Polygon",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_project_is_a_zip_of_xml_that_names_every_layer_of_the_package_beside_it() {
        let layer = |name, drawn| ProjectLayer { name, title: format!("{name} <&>"), is_shown: name == "gaps", drawn };
        let layers = vec![
            layer("gaps", Some((GeometryKind::Line, Style::gaps("service")))),
            layer("counties", Some((GeometryKind::Area, Style::counties_by_score("score_0_100")))),
            layer("ranking", None),
        ];
        let project = Project { title: "A \"<b>\"", package: "region.gpkg", view: Some([1.0, 2.0, 3.0, 4.5]), layers };
        let bytes = project.qgz().unwrap();
        assert_eq!(bytes, project.qgz().unwrap());
        let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
        assert_eq!((zip.len(), zip.by_index(0).unwrap().name().unwrap().into_owned()), (1, "region.qgs".to_owned()));
        let text = std::io::read_to_string(zip.by_index(0).unwrap()).unwrap(); // its check sum too
        let options = roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() };
        let doc = roxmltree::Document::parse_with_options(&text, options).unwrap();
        let named = |name: &'static str| doc.descendants().filter(move |n| n.has_tag_name(name)).collect::<Vec<_>>();
        let sources: Vec<_> = named("datasource").iter().filter_map(|n| n.text()).collect();
        let want = ["gaps", "counties", "ranking"].map(|l| format!("./region.gpkg|layername={l}"));
        assert_eq!(sources, want);
        let ids = |tag: &'static str| {
            named(tag).iter().filter_map(|n| n.attribute("id").or(n.text())).map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(ids("id"), ["chargegap_gaps", "chargegap_counties", "chargegap_ranking"]);
        assert_eq!(ids("layer-tree-layer"), ids("id"));
        let kinds: Vec<_> = named("maplayer").iter().filter_map(|n| n.attribute("geometry")).collect();
        assert_eq!(kinds, ["Line", "Polygon", "No geometry"]);
        // what is drawn has its renderer, and the scales of its style
        assert_eq!(named("renderer-v2").len(), 2);
        assert_eq!(named("maplayer")[0].attribute("minScale"), Some("4000000"));
        assert_eq!((named("title")[0].text(), named("ymax")[0].text()), (Some("A \"<b>\""), Some("4.5")));
        let checked: Vec<_> = named("layer-tree-layer").iter().filter_map(|n| n.attribute("checked")).collect();
        assert_eq!(checked, ["Qt::Checked", "Qt::Unchecked", "Qt::Unchecked"]);
    }
}
