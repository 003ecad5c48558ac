<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.16.0" styleCategories="Symbology|Labeling|Rendering" labelsEnabled="0" hasScaleBasedVisibilityFlag="0" minScale="4000000" maxScale="0">
<renderer-v2 type="RuleRenderer" symbollevels="0" enableorderby="0" forceraster="0">
<rules key="{00000000-0000-4000-8000-000000000000}">
<rule key="{00000000-0000-4000-8000-000000000001}" symbol="0" filter="if(&quot;oneway&quot;, &quot;charging_head_km&quot; + &quot;length_km&quot;, (&quot;charging_tail_km&quot; + &quot;charging_head_km&quot; + &quot;length_km&quot;) / 2) &lt;= 2.5" label="≤ 2.5 km"/>
<rule key="{00000000-0000-4000-8000-000000000002}" symbol="1" filter="if(&quot;oneway&quot;, &quot;charging_head_km&quot; + &quot;length_km&quot;, (&quot;charging_tail_km&quot; + &quot;charging_head_km&quot; + &quot;length_km&quot;) / 2) &gt; 2.5 AND if(&quot;oneway&quot;, &quot;charging_head_km&quot; + &quot;length_km&quot;, (&quot;charging_tail_km&quot; + &quot;charging_head_km&quot; + &quot;length_km&quot;) / 2) &lt;= 5" label="2.5–5 km"/>
<rule key="{00000000-0000-4000-8000-000000000003}" symbol="2" filter="if(&quot;oneway&quot;, &quot;charging_head_km&quot; + &quot;length_km&quot;, (&quot;charging_tail_km&quot; + &quot;charging_head_km&quot; + &quot;length_km&quot;) / 2) &gt; 5 AND if(&quot;oneway&quot;, &quot;charging_head_km&quot; + &quot;length_km&quot;, (&quot;charging_tail_km&quot; + &quot;charging_head_km&quot; + &quot;length_km&quot;) / 2) &lt;= 10" label="5–10 km"/>
<rule key="{00000000-0000-4000-8000-000000000004}" symbol="3" filter="if(&quot;oneway&quot;, &quot;charging_head_km&quot; + &quot;length_km&quot;, (&quot;charging_tail_km&quot; + &quot;charging_head_km&quot; + &quot;length_km&quot;) / 2) &gt; 10 AND if(&quot;oneway&quot;, &quot;charging_head_km&quot; + &quot;length_km&quot;, (&quot;charging_tail_km&quot; + &quot;charging_head_km&quot; + &quot;length_km&quot;) / 2) &lt;= 20" label="10–20 km"/>
<rule key="{00000000-0000-4000-8000-000000000005}" symbol="4" filter="if(&quot;oneway&quot;, &quot;charging_head_km&quot; + &quot;length_km&quot;, (&quot;charging_tail_km&quot; + &quot;charging_head_km&quot; + &quot;length_km&quot;) / 2) &gt; 20" label="&gt; 20 km"/>
<rule key="{00000000-0000-4000-8000-000000000006}" symbol="5" filter="ELSE" label="no way to a station 无法到达"/>
</rules>
<symbols>
<symbol type="line" name="0" alpha="1" clip_to_extent="1" force_rhr="0"><layer class="SimpleLine" pass="0" locked="0" enabled="1"><prop k="line_color" v="0,95,115,255"/><prop k="line_width" v="0.26"/><prop k="line_width_unit" v="MM"/><prop k="line_style" v="solid"/><prop k="capstyle" v="round"/><prop k="joinstyle" v="round"/></layer></symbol>
<symbol type="line" name="1" alpha="1" clip_to_extent="1" force_rhr="0"><layer class="SimpleLine" pass="0" locked="0" enabled="1"><prop k="line_color" v="95,158,160,255"/><prop k="line_width" v="0.26"/><prop k="line_width_unit" v="MM"/><prop k="line_style" v="solid"/><prop k="capstyle" v="round"/><prop k="joinstyle" v="round"/></layer></symbol>
<symbol type="line" name="2" alpha="1" clip_to_extent="1" force_rhr="0"><layer class="SimpleLine" pass="0" locked="0" enabled="1"><prop k="line_color" v="233,196,106,255"/><prop k="line_width" v="0.36"/><prop k="line_width_unit" v="MM"/><prop k="line_style" v="solid"/><prop k="capstyle" v="round"/><prop k="joinstyle" v="round"/></layer></symbol>
<symbol type="line" name="3" alpha="1" clip_to_extent="1" force_rhr="0"><layer class="SimpleLine" pass="0" locked="0" enabled="1"><prop k="line_color" v="231,111,81,255"/><prop k="line_width" v="0.46"/><prop k="line_width_unit" v="MM"/><prop k="line_style" v="solid"/><prop k="capstyle" v="round"/><prop k="joinstyle" v="round"/></layer></symbol>
<symbol type="line" name="4" alpha="1" clip_to_extent="1" force_rhr="0"><layer class="SimpleLine" pass="0" locked="0" enabled="1"><prop k="line_color" v="163,18,15,255"/><prop k="line_width" v="0.56"/><prop k="line_width_unit" v="MM"/><prop k="line_style" v="solid"/><prop k="capstyle" v="round"/><prop k="joinstyle" v="round"/></layer></symbol>
<symbol type="line" name="5" alpha="1" clip_to_extent="1" force_rhr="0"><layer class="SimpleLine" pass="0" locked="0" enabled="1"><prop k="line_color" v="91,103,113,255"/><prop k="line_width" v="0.4"/><prop k="line_width_unit" v="MM"/><prop k="line_style" v="dot"/><prop k="capstyle" v="flat"/><prop k="joinstyle" v="round"/></layer></symbol>
</symbols>
</renderer-v2>
<blendMode>0</blendMode>
<featureBlendMode>0</featureBlendMode>
<layerGeometryType>1</layerGeometryType>
</qgis>
