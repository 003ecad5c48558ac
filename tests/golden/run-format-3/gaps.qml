<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.16.0" styleCategories="Symbology|Labeling|Rendering" labelsEnabled="0" hasScaleBasedVisibilityFlag="1" minScale="4000000" maxScale="0">
<renderer-v2 type="RuleRenderer" symbollevels="0" enableorderby="0" forceraster="0">
<rules key="{00000000-0000-4000-8000-000000000000}">
<rule key="{00000000-0000-4000-8000-000000000001}" symbol="0" filter="&quot;service&quot; = 'charging'" label="no charging station 无充电站"/>
<rule key="{00000000-0000-4000-8000-000000000002}" symbol="1" filter="&quot;service&quot; = 'swap'" label="no swap station 无换电站"/>
<rule key="{00000000-0000-4000-8000-000000000003}" symbol="2" filter="ELSE" label="other services 其他服务"/>
</rules>
<symbols>
<symbol type="line" name="0" alpha="1" clip_to_extent="1" force_rhr="0"><layer class="SimpleLine" pass="0" locked="0" enabled="1"><prop k="line_color" v="255,255,255,255"/><prop k="line_width" v="1"/><prop k="line_width_unit" v="MM"/><prop k="line_style" v="solid"/><prop k="capstyle" v="round"/><prop k="joinstyle" v="round"/></layer><layer class="SimpleLine" pass="0" locked="0" enabled="1"><prop k="line_color" v="163,18,15,255"/><prop k="line_width" v="0.5"/><prop k="line_width_unit" v="MM"/><prop k="line_style" v="solid"/><prop k="capstyle" v="round"/><prop k="joinstyle" v="round"/></layer></symbol>
<symbol type="line" name="1" alpha="1" clip_to_extent="1" force_rhr="0"><layer class="SimpleLine" pass="0" locked="0" enabled="1"><prop k="line_color" v="123,45,142,255"/><prop k="line_width" v="0.4"/><prop k="line_width_unit" v="MM"/><prop k="line_style" v="dash"/><prop k="capstyle" v="flat"/><prop k="joinstyle" v="round"/></layer></symbol>
<symbol type="line" name="2" alpha="1" clip_to_extent="1" force_rhr="0"><layer class="SimpleLine" pass="0" locked="0" enabled="1"><prop k="line_color" v="91,103,113,255"/><prop k="line_width" v="0.4"/><prop k="line_width_unit" v="MM"/><prop k="line_style" v="dot"/><prop k="capstyle" v="flat"/><prop k="joinstyle" v="round"/></layer></symbol>
</symbols>
</renderer-v2>
<blendMode>0</blendMode>
<featureBlendMode>0</featureBlendMode>
<layerGeometryType>1</layerGeometryType>
</qgis>
