#!/usr/bin/env python3
"""Opens a finished folder in QGIS, without a screen: the project, every layer of its GeoPackage and every layer beside it.

    /usr/bin/python3 tests/qgis/open.py OUT [PICTURE.png]

Needs Debian's python3-qgis (`apt-get install --no-install-recommends python3-qgis`) and the system's Python. For each layer it prints how
many features it has, how it is drawn, and how many of them no rule draws. Then a filter is set on each, as a planner would, and the
features are counted again. Exit code 1 where a layer does not open, has no style, or leaves a feature undrawn. Run `chargegap verify OUT`
afterwards: nothing in the folder may be another. With a picture, the project is drawn as it opens.
"""

import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from qgis.core import (  # noqa: E402
    QgsApplication,
    QgsExpressionContextUtils,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsProject,
    QgsRenderContext,
    QgsVectorLayer,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QSize  # noqa: E402

ONE_SYMBOL = ("redundancy", "sites")

faults = []


def undrawn(layer):
    """Features that no symbol of the layer draws, at a scale at which it is drawn."""
    context = QgsRenderContext()
    context.expressionContext().appendScopes(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    context.setRendererScale(100000)
    renderer = layer.renderer().clone()
    renderer.startRender(context, layer.fields())
    left = 0
    for feature in layer.getFeatures():
        context.expressionContext().setFeature(feature)
        left += not renderer.willRenderFeature(feature, context)
    renderer.stopRender(context)
    return left


def look(layer, where):
    """Prints a layer, and what is wrong with it."""
    if not layer.isValid():
        faults.append(f"{where}: it does not open")
        return
    if layer.geometryType() == QgsWkbTypes.NullGeometry:
        print(f"{where}: table, {layer.featureCount()} rows, {layer.fields().count()} columns")
        return
    kind, count, left = layer.renderer().type(), layer.featureCount(), undrawn(layer)
    labels = ", names" if layer.labelsEnabled() else ""
    scale = f", from 1:{int(layer.minimumScale())}" if layer.hasScaleBasedVisibility() else ""
    print(f"{where}: {count} features, {kind} of {len(list(layer.legendSymbols()))} symbols{labels}{scale}, {left} undrawn")
    # a layer without a style gets one symbol of some colour; of ours these have one
    if kind != "RuleRenderer" and not any(name in where for name in ONE_SYMBOL):
        faults.append(f"{where}: it has no style")
    if left:
        faults.append(f"{where}: {left} features are drawn by no rule")


def filtered(layer, where):
    """Sets a filter on the first text column that has a value, counts, and takes it away."""
    names = [f.name() for f in layer.fields() if f.typeName() in ("String", "string") or f.type() == 10]
    before = layer.featureCount()
    value = next(((n, f[n]) for f in layer.getFeatures() for n in names if f[n] not in (None, "") and str(f[n]) != "NULL"), None)
    if value is None:
        return
    column, text = value[0], str(value[1]).replace("'", "''")
    if not layer.setSubsetString(f"\"{column}\" = '{text}'"):
        faults.append(f"{where}: it takes no filter on {column}")
    found = sum(1 for _ in layer.getFeatures())
    print(f"{where}: filter on {column}: {found} of {before}")
    if not 0 < found <= before:
        faults.append(f"{where}: a filter on {column} finds {found} features of {before}")
    layer.setSubsetString("")


def legend_of(layer):
    return [item.label() for item in layer.renderer().legendSymbolItems()]


def main():
    folder = Path(sys.argv[1])
    QgsVectorLayer.legendSymbols = legend_of
    application = QgsApplication([], False)
    application.initQgis()
    project = QgsProject.instance()
    for file in sorted(folder.glob("*.qgz")):
        if not project.read(str(file)):
            faults.append(f"{file.name}: the project does not open: {project.error()}")
        tree = [node.layerId() for node in project.layerTreeRoot().findLayers()]
        shown = [node.layerId() for node in project.layerTreeRoot().findLayers() if node.isVisible()]
        print(f"{file.name}: \"{project.title()}\", {len(tree)} layers and tables, shown: {', '.join(shown)}")
        for id in tree:
            look(project.mapLayers()[id], f"{file.name} {id}")
        if len(sys.argv) > 2:
            picture(project, shown, sys.argv[2])
        sources = [project.mapLayers()[id].source() for id in tree]
        project.clear()
        for source in sources:
            filtered(QgsVectorLayer(source, "filtered", "ogr"), source)
    for file in sorted([*folder.glob("*.geojson"), *folder.glob("*.fgb")]):
        layer = QgsVectorLayer(str(file), file.stem, "ogr")
        look(layer, file.name)
        filtered(layer, file.name)
    for fault in faults:
        print("FAULT", fault)
    application.exitQgis()
    sys.exit(1 if faults else 0)


def picture(project, shown, path):
    """Draws the project as it opens."""
    settings = QgsMapSettings()
    settings.setLayers([project.mapLayers()[id] for id in shown])
    settings.setExtent(project.viewSettings().defaultViewExtent() if project.viewSettings().defaultViewExtent().width() else project.mapLayers()["chargegap_counties"].extent())
    settings.setOutputSize(QSize(1600, 1200))
    settings.setDestinationCrs(project.crs())
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    job.renderedImage().save(path)


if __name__ == "__main__":
    main()
