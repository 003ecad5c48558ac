<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.16.0" styleCategories="Symbology|Labeling|Rendering" labelsEnabled="1" hasScaleBasedVisibilityFlag="0" minScale="4000000" maxScale="0">
<renderer-v2 type="RuleRenderer" symbollevels="0" enableorderby="0" forceraster="0">
<rules key="{00000000-0000-4000-8000-000000000000}">
<rule key="{00000000-0000-4000-8000-000000000001}" symbol="0" filter="&quot;score_0_100&quot; &gt;= 0 AND &quot;score_0_100&quot; &lt; 20" label="0–20"/>
<rule key="{00000000-0000-4000-8000-000000000002}" symbol="1" filter="&quot;score_0_100&quot; &gt;= 20 AND &quot;score_0_100&quot; &lt; 40" label="20–40"/>
<rule key="{00000000-0000-4000-8000-000000000003}" symbol="2" filter="&quot;score_0_100&quot; &gt;= 40 AND &quot;score_0_100&quot; &lt; 60" label="40–60"/>
<rule key="{00000000-0000-4000-8000-000000000004}" symbol="3" filter="&quot;score_0_100&quot; &gt;= 60 AND &quot;score_0_100&quot; &lt; 80" label="60–80"/>
<rule key="{00000000-0000-4000-8000-000000000005}" symbol="4" filter="&quot;score_0_100&quot; &gt;= 80 AND &quot;score_0_100&quot; &lt;= 100" label="80–100"/>
<rule key="{00000000-0000-4000-8000-000000000006}" symbol="5" filter="ELSE" label="no value 无数据"/>
</rules>
<symbols>
<symbol type="fill" name="0" alpha="1" clip_to_extent="1" force_rhr="0"><layer class="SimpleFill" pass="0" locked="0" enabled="1"><prop k="color" v="242,240,247,255"/><prop k="outline_color" v="139,149,158,255"/><prop k="style" v="solid"/><prop k="outline_style" v="solid"/><prop k="outline_width" v="0.1"/><prop k="outline_width_unit" v="MM"/></layer></symbol>
<symbol type="fill" name="1" alpha="1" clip_to_extent="1" force_rhr="0"><layer class="SimpleFill" pass="0" locked="0" enabled="1"><prop k="color" v="203,201,226,255"/><prop k="outline_color" v="139,149,158,255"/><prop k="style" v="solid"/><prop k="outline_style" v="solid"/><prop k="outline_width" v="0.1"/><prop k="outline_width_unit" v="MM"/></layer></symbol>
<symbol type="fill" name="2" alpha="1" clip_to_extent="1" force_rhr="0"><layer class="SimpleFill" pass="0" locked="0" enabled="1"><prop k="color" v="158,154,200,255"/><prop k="outline_color" v="139,149,158,255"/><prop k="style" v="solid"/><prop k="outline_style" v="solid"/><prop k="outline_width" v="0.1"/><prop k="outline_width_unit" v="MM"/></layer></symbol>
<symbol type="fill" name="3" alpha="1" clip_to_extent="1" force_rhr="0"><layer class="SimpleFill" pass="0" locked="0" enabled="1"><prop k="color" v="117,107,177,255"/><prop k="outline_color" v="139,149,158,255"/><prop k="style" v="solid"/><prop k="outline_style" v="solid"/><prop k="outline_width" v="0.1"/><prop k="outline_width_unit" v="MM"/></layer></symbol>
<symbol type="fill" name="4" alpha="1" clip_to_extent="1" force_rhr="0"><layer class="SimpleFill" pass="0" locked="0" enabled="1"><prop k="color" v="84,39,143,255"/><prop k="outline_color" v="139,149,158,255"/><prop k="style" v="solid"/><prop k="outline_style" v="solid"/><prop k="outline_width" v="0.1"/><prop k="outline_width_unit" v="MM"/></layer></symbol>
<symbol type="fill" name="5" alpha="1" clip_to_extent="1" force_rhr="0"><layer class="SimpleFill" pass="0" locked="0" enabled="1"><prop k="color" v="225,228,230,255"/><prop k="outline_color" v="139,149,158,255"/><prop k="style" v="solid"/><prop k="outline_style" v="solid"/><prop k="outline_width" v="0.1"/><prop k="outline_width_unit" v="MM"/></layer></symbol>
</symbols>
</renderer-v2>
<labeling type="simple">
<settings calloutType="simple">
<text-style fieldName="name" isExpression="0" fontSize="8" fontSizeUnit="Point" textColor="34,48,60,255" fontFamily="Noto Sans CJK SC"><text-buffer bufferDraw="1" bufferSize="0.8" bufferSizeUnits="MM" bufferColor="255,255,255,255"/></text-style>
<rendering scaleVisibility="1" scaleMin="4000000" scaleMax="1"/>
</settings>
</labeling>
<blendMode>0</blendMode>
<featureBlendMode>0</featureBlendMode>
<layerGeometryType>2</layerGeometryType>
</qgis>
