<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.16.0" styleCategories="Symbology|Labeling|Rendering" labelsEnabled="0" hasScaleBasedVisibilityFlag="0" minScale="4000000" maxScale="0">
<renderer-v2 type="RuleRenderer" symbollevels="0" enableorderby="0" forceraster="0">
<rules key="{00000000-0000-4000-8000-000000000000}">
<rule key="{00000000-0000-4000-8000-000000000001}" symbol="0" filter="NOT &quot;used&quot;" label="not counted 未计入"/>
<rule key="{00000000-0000-4000-8000-000000000002}" symbol="1" filter="&quot;used&quot; AND &quot;swap&quot;" label="battery swap 换电站"/>
<rule key="{00000000-0000-4000-8000-000000000003}" symbol="2" filter="ELSE" label="charging 充电站"/>
</rules>
<symbols>
<symbol type="marker" name="0" alpha="1" clip_to_extent="1" force_rhr="0"><layer class="SimpleMarker" pass="0" locked="0" enabled="1"><prop k="color" v="107,116,124,255"/><prop k="outline_color" v="107,116,124,255"/><prop k="name" v="cross2"/><prop k="outline_style" v="solid"/><prop k="outline_width" v="0.1"/><prop k="size" v="1.8"/><prop k="size_unit" v="MM"/></layer></symbol>
<symbol type="marker" name="1" alpha="1" clip_to_extent="1" force_rhr="0"><layer class="SimpleMarker" pass="0" locked="0" enabled="1"><prop k="color" v="123,45,142,255"/><prop k="outline_color" v="255,255,255,255"/><prop k="name" v="diamond"/><prop k="outline_style" v="solid"/><prop k="outline_width" v="0.1"/><prop k="size" v="2.8"/><prop k="size_unit" v="MM"/></layer></symbol>
<symbol type="marker" name="2" alpha="1" clip_to_extent="1" force_rhr="0"><layer class="SimpleMarker" pass="0" locked="0" enabled="1"><prop k="color" v="0,95,115,255"/><prop k="outline_color" v="255,255,255,255"/><prop k="name" v="circle"/><prop k="outline_style" v="solid"/><prop k="outline_width" v="0.1"/><prop k="size" v="2.2"/><prop k="size_unit" v="MM"/></layer></symbol>
</symbols>
</renderer-v2>
<blendMode>0</blendMode>
<featureBlendMode>0</featureBlendMode>
<layerGeometryType>0</layerGeometryType>
</qgis>
