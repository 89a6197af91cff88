// The style sheet of a report: 12/14/16/20/28 px type on a 4-px grid, two weights, one card form.
//
// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "lode/core/report/page/assets.h"

namespace lode::report {
namespace {

constexpr std::string_view kType = R"css(
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-behavior:smooth}
body{margin:0;background:var(--page);color:var(--ink);font:14px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif}
.page{max-width:1280px;margin:0 auto;padding:24px 24px 48px}
h1,h2,h3,p,dl,dd,figure,ul,pre{margin:0;padding:0}
h1{font-size:28px;line-height:1.2;font-weight:600;overflow-wrap:anywhere;margin:4px 0 8px}
h1.mono{font-size:20px;line-height:1.4}
h2{font-size:20px;line-height:1.3;font-weight:600;margin:0 0 12px}
h2 .num{display:inline-block;min-width:32px;color:var(--ink-2);font-weight:400;font-variant-numeric:tabular-nums}
h2 .q{font-size:14px;font-weight:400;color:var(--ink-2);margin-left:8px}
h3{font-size:16px;line-height:1.35;font-weight:600;overflow-wrap:anywhere}
code,pre,.mono,.n,.range,td.r,th.r,.big{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;font-variant-numeric:tabular-nums}
.n,.na,.range{white-space:nowrap}
.na{color:var(--ink-2)}
.faint,.range,figcaption p,.head p,.note,.sub,.label,.kicker{color:var(--ink-2)}
.up{color:var(--up)}.down{color:var(--down)}.strong{font-weight:600}
td.faint .n,.faint .n{color:var(--ink-2)}
a{color:var(--up)}
:focus-visible{outline:2px solid var(--up);outline-offset:2px}
.skip{position:absolute;left:-9999px}
.skip:focus{left:16px;top:8px;background:var(--panel);padding:8px 12px;z-index:9}
)css";

constexpr std::string_view kLayout = R"css(
header{border-bottom:1px solid var(--grid);padding-bottom:16px;position:relative}
.kicker{font-size:14px}
.stamp{font-weight:600;color:var(--warning);border:1px solid var(--warning);border-radius:6px;padding:0 6px;margin-right:6px}
.formula{margin:0 0 4px;overflow-wrap:anywhere}
.formula code{font-size:16px}
.facts{display:flex;flex-wrap:wrap;gap:8px 32px;margin-top:12px}
.facts dt{font-size:12px;color:var(--ink-2)}
.facts dd{overflow-wrap:anywhere}
nav{margin:12px 0 0;font-size:12px}
nav ol{list-style:none;margin:0;padding:0;display:flex;flex-wrap:wrap;gap:4px 16px}
nav a{color:var(--ink-2);text-decoration:none}
nav a:hover{color:var(--up);text-decoration:underline}
section{margin-top:32px}
section.gone{margin-top:24px}
section.gone h2{font-size:16px;color:var(--ink-2);margin-bottom:8px}
.grid{display:grid;grid-template-columns:repeat(12,minmax(0,1fr));gap:16px}
.full{grid-column:span 12}.twothirds{grid-column:span 8}.half{grid-column:span 6}.third{grid-column:span 4}
.card{background:var(--panel);border:1px solid var(--grid);border-radius:6px;padding:16px;min-width:0}
figure.card{display:flex;flex-direction:column}
figcaption,.head{margin-bottom:12px}
figcaption p,.head p{font-size:12px;margin-top:2px}
.note{font-size:12px;margin-top:12px}
.missing{border:1px dashed var(--grid);border-radius:6px;color:var(--ink-2);padding:8px 12px;margin:0;grid-column:span 12}
.grid+.missing{margin-top:16px}
.verdict{border-left:4px solid var(--ink-2)}
.v-strong{border-left-color:var(--up)}.v-weak{border-left-color:var(--quantile-4)}
.v-costs-eat-it,.v-cannot-tell{border-left-color:var(--warning)}
.word{font-size:28px;line-height:1.2;font-weight:600}
.word::first-letter{text-transform:uppercase}
.sentence{font-size:16px;max-width:75ch;margin:4px 0 16px}
.tiles{display:grid;grid-template-columns:repeat(4,minmax(0,1fr));gap:16px;border-top:1px solid var(--grid);padding-top:16px}
.label,.sub{font-size:12px}
.big{font-size:28px;line-height:1.2;font-weight:600}
)css";

constexpr std::string_view kTables = R"css(
.scroll{overflow-x:auto;-webkit-overflow-scrolling:touch}
table{border-collapse:separate;border-spacing:0;width:100%;font-size:14px}
caption{text-align:left;color:var(--ink-2);font-size:12px;padding:4px 0 8px}
th,td{text-align:left;height:32px;padding:4px 16px 4px 0;border-bottom:1px solid var(--grid);vertical-align:middle;font-weight:400}
th:last-child,td:last-child{padding-right:0}
thead th,thead th.r{font-size:12px;color:var(--ink-2);vertical-align:bottom;line-height:1.25;font-family:inherit;font-weight:400}
tbody th[scope=row]{position:sticky;left:0;background:var(--panel);white-space:nowrap}
th.r,td.r{text-align:right;white-space:nowrap}
thead th.r{white-space:normal}
tbody tr:hover>*{background:color-mix(in srgb,var(--up) 7%,var(--panel))}
table.narrow{max-width:760px}
table.dense{font-size:12px}
table.dense th,table.dense td{height:24px;padding-top:2px;padding-bottom:2px}
.checks th[scope=row]{font-weight:600;width:22%}
.checks td.why{color:var(--ink-2);font-size:12px}
.res{display:flex}
.state{flex:none;margin-right:8px;min-width:88px;font-weight:600;color:var(--ink-2)}
.state i{font-style:normal;display:inline-block;width:18px}
.state.passed{color:var(--up)}.state.look{color:var(--warning)}.state.failed{color:var(--down)}
.heatmap td.r{padding:4px 8px;text-align:right}
.heatmap td.heat{border-radius:0}
.u1{background:color-mix(in srgb,var(--up) 7%,transparent)}.u2{background:color-mix(in srgb,var(--up) 15%,transparent)}
.u3{background:color-mix(in srgb,var(--up) 23%,transparent)}.u4{background:color-mix(in srgb,var(--up) 31%,transparent)}
.u5{background:color-mix(in srgb,var(--up) 40%,transparent)}
.d1{background:color-mix(in srgb,var(--down) 7%,transparent)}.d2{background:color-mix(in srgb,var(--down) 15%,transparent)}
.d3{background:color-mix(in srgb,var(--down) 23%,transparent)}.d4{background:color-mix(in srgb,var(--down) 31%,transparent)}
.d5{background:color-mix(in srgb,var(--down) 40%,transparent)}
details{margin-top:12px;font-size:12px}
figure.card details{margin-top:auto;padding-top:12px}
summary{cursor:pointer;color:var(--ink-2);width:max-content}
details .scroll{max-height:360px;overflow:auto;margin-top:8px}
details thead th{position:sticky;top:0;background:var(--panel);z-index:1}
.tree ul{list-style:none;padding-left:16px;border-left:1px solid var(--grid);margin-left:4px}
.tree>ul{padding-left:0;border:0;margin:0}
.tree li{padding:2px 0;overflow-wrap:anywhere}
.tree .name,.command,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}
.command{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--page);border:1px solid var(--grid);border-radius:6px;padding:12px}
.warnings{padding-left:16px}
.glossary{columns:2;column-gap:32px}
.glossary>div{break-inside:avoid;padding:4px 0}
.glossary dt{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;overflow-wrap:anywhere}
.glossary dd{color:var(--ink-2)}
footer{margin-top:32px;padding-top:12px;border-top:1px solid var(--grid);font-size:12px;color:var(--ink-2);overflow-wrap:anywhere}
)css";

constexpr std::string_view kCharts = R"css(
.plots{position:relative;font-size:12px;line-height:1.2;font-variant-numeric:tabular-nums;touch-action:pan-y}
.box{position:relative;height:var(--h);margin-right:var(--gut);border-bottom:1px solid var(--grid)}
.box.names,.box.names~.xt,.box.names~.xtitle{margin-left:var(--names)}
.box+.box,.box+.pcap{margin-top:12px}
.pcap{font-size:12px;color:var(--ink-2);margin-bottom:4px}
.box svg{position:absolute;inset:0;width:100%;height:100%;overflow:visible}
.box svg *{vector-effect:non-scaling-stroke}
.line{fill:none;stroke:var(--c);stroke-width:1.5;stroke-linejoin:round;stroke-linecap:round}
.dash{stroke-dasharray:7 3}.dots{stroke-dasharray:1.5 3.5}
.area{fill:var(--c);fill-opacity:.5;stroke:none}
.band{fill:var(--c);fill-opacity:.14;stroke:none}
.bar rect{fill:var(--c)}
.bar rect.hollow{fill:var(--panel);stroke:var(--c);stroke-width:1.5}
.rule{fill:none;stroke:var(--c);stroke-width:1}
.rule.dash{stroke-dasharray:3 3}
.whisker{fill:none;stroke:var(--c);stroke-width:1.5}
.dot i{position:absolute;width:8px;height:8px;margin:-4px 0 0 -4px;border-radius:50%;background:var(--c);box-shadow:0 0 0 1.5px var(--panel)}
.clip{position:absolute;width:0;height:0;border:5px solid transparent;margin-left:-5px}
.clip.hi{border-bottom-color:var(--warning);border-top:0}.clip.lo{border-top-color:var(--warning);border-bottom:0;margin-top:-6px}
.clip b{position:absolute;left:8px;top:-4px;font-weight:400;white-space:nowrap;color:var(--ink)}
.yt{position:absolute;left:0;right:calc(-1*var(--gut));border-top:1px solid var(--grid)}
.yt span{position:absolute;right:0;top:-8px;padding-left:4px;background:var(--panel);color:var(--ink-2)}
.yt.zero{border-top-color:var(--ink-2)}
.yn{position:absolute;right:100%;width:var(--names)}
.yn span{position:absolute;right:10px;max-width:calc(var(--names) - 10px);top:-8px;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
.xg{position:absolute;top:0;bottom:0;border-left:1px solid var(--grid)}
.xg.zero{border-left-color:var(--ink-2)}
.xt{position:relative;height:20px;margin-right:var(--gut);color:var(--ink-2)}
.x{position:absolute;top:5px;transform:translateX(-50%);white-space:nowrap}
.x::before{content:"";position:absolute;left:50%;top:-5px;height:4px;border-left:1px solid var(--ink-2)}
.x.first{transform:none}.x.first::before{left:0}
.x.last{transform:translateX(-100%)}.x.last::before{left:100%}
.xtitle{margin-right:var(--gut);text-align:center;color:var(--ink-2);font-size:12px}
.end{position:absolute;left:100%;margin-left:6px;transform:translateY(-50%);white-space:nowrap;background:var(--panel);padding-right:2px}
.end::before{content:"";display:inline-block;width:8px;height:3px;margin-right:4px;vertical-align:3px;background:var(--c)}
.end b{font-weight:600}.end b.n{font-family:inherit}
.lab{position:absolute;white-space:nowrap;color:var(--c)}
.lab.above{transform:translate(-50%,-100%);margin-top:-3px}.lab.below{transform:translateX(-50%);margin-top:2px}
.lab.right{transform:translateY(-50%);margin-left:6px}
.lab.left{transform:translate(-100%,-50%);margin-left:-4px;padding:0 4px;border-radius:3px;background:var(--panel)}
.hair{position:absolute;top:0;bottom:0;border-left:1px solid var(--ink-2);pointer-events:none}
.pick{position:absolute;top:0;bottom:0;background:var(--up);opacity:.15;pointer-events:none}
#tip{position:fixed;z-index:8;max-width:320px;pointer-events:none;background:var(--page);color:var(--ink);border:1px solid var(--ink-2);border-radius:6px;padding:8px;font-size:12px}
#tip table{font-size:12px;width:auto}#tip td,#tip th{height:18px;padding:0 12px 0 0;border:0;background:none;color:inherit}#tip td:last-child{padding:0}
#tip p+p{margin-top:4px}
button{font:inherit;font-size:12px;color:var(--ink);background:var(--panel);border:1px solid var(--grid);border-radius:6px;padding:4px 12px;cursor:pointer}
button:hover{border-color:var(--ink-2)}
.tools{position:absolute;right:0;top:0}
details .row{display:flex;gap:8px;margin-top:8px}
[data-why].n,[data-why].w{cursor:help}
)css";

constexpr std::string_view kScreens = R"css(
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
@media screen and (max-width:1000px){.twothirds,.half{grid-column:span 12}.third{grid-column:span 6}}
@media screen and (max-width:760px){
body{font-size:16px}
.page{padding:16px 12px 32px}
h1{font-size:20px}.word{font-size:20px}.big{font-size:20px}
h2 .q{display:block;margin:0 0 0 37px}
.full,.twothirds,.half,.third{grid-column:span 12}
.card{padding:12px}
.facts{display:grid;grid-template-columns:1fr 1fr;gap:8px 16px}
.facts .wide{grid-column:span 2}
.facts .hash{grid-column:span 2}
nav{display:none}
.tiles{grid-template-columns:1fr 1fr;gap:12px 16px}
.ended .box,.ended .xt,.ended .xtitle{margin-right:66px}
.plots:not(.ended) .box,.plots:not(.ended) .xt,.plots:not(.ended) .xtitle{margin-right:4px}
.ticked .box,.ticked .xt,.ticked .xtitle{margin-left:46px}
.yt{right:0}
.plots{margin-top:8px}
.yt span{right:100%;padding:0 6px 0 0;background:none;white-space:nowrap}
.pcap{margin-bottom:10px}
.plots{--names:108px!important}
.x.spare{display:none}
.end{max-width:62px;overflow:hidden;margin-left:4px}
header .tools{position:static;float:right;margin:0 0 4px 8px}
.end.long b{display:none}
.sub .range{display:block}
.checks thead,.stack thead{display:none}
.checks tr,.stack tr{display:block;padding:8px 0;border-bottom:1px solid var(--grid)}
.checks th[scope=row],.checks td,.stack th[scope=row],.stack td{display:block;width:auto;height:auto;border:0;padding:2px 0;position:static}
.glossary{columns:1}
}
@media print{
@page{size:auto;margin:12mm 12mm 14mm;@bottom-right{content:"page " counter(page) " of " counter(pages);font:10px sans-serif;color:#545b69}}
body{font-size:11px;-webkit-print-color-adjust:exact;print-color-adjust:exact}
.page{max-width:none;padding:0}
h1{font-size:20px}h2{font-size:14px;margin-bottom:6px}h3{font-size:12px}h2 .q{font-size:11px}
section.gone{margin-top:8px;display:flex;align-items:center;gap:12px}section.gone h2{font-size:14px;margin:0;flex:none;break-after:auto}section.gone .missing{flex:1}
.box{height:calc(var(--h)*.6)}.ended .box{height:calc(var(--h)*.66)}.end{font-size:10px;line-height:1.05}
.half .x.spare,.third .x.spare,.twothirds .x.spare{display:none}
.state{min-width:72px}#s17{display:none}
.missing{padding:4px 8px}.grid+.missing{margin-top:8px}.note{margin-top:6px}
.formula code,.sentence{font-size:12px}.word,.big{font-size:18px}
figcaption p,.head p,.plots,.note,.label,.sub,caption,thead th,thead th.r,footer,.xtitle,.pcap,.facts dt{font-size:10px}
table,.checks td.why{font-size:10px}
th,td{height:auto;padding:2px 8px 2px 0}.heatmap td.r{padding:2px 3px}
.card{padding:8px}.grid{gap:8px}section{margin-top:14px}.tiles{padding-top:8px}
nav,details,.tools,.skip,#tip,button{display:none!important}
figure,.card,.tile,tr,.missing{break-inside:avoid}
.card.flows{break-inside:auto}
#f-fan{grid-column:span 7}#f-legs{grid-column:span 5}
#s16 .tree{font-size:9px}#s16 .tree li{padding:0}#s16 .tree ul ul{padding-left:8px}#s16 .tree>ul>li>ul{columns:2;column-gap:20px}#s16 .tree li li li{break-inside:avoid}
#s16 table,#s16 tbody{display:block}#s16 thead{display:none}#s16 tbody{columns:3;column-gap:16px}#s16 tr{display:flex;border-bottom:1px solid var(--grid)}#s16 tr>*{border:0}#s16 th[scope=row]{flex:0 0 92px}
#s15 tbody>tr>*,#s16 tbody>tr>*{padding-top:1px;padding-bottom:1px}
#s16 .grid{display:block}#s16 .card+.card{margin-top:8px}#s16 .card{break-inside:auto}
h2,h3,figcaption,.head{break-after:avoid}
thead{display:table-header-group}
.scroll{overflow:visible}
figure.card{display:block}
tbody th[scope=row]{position:static}
footer{margin-top:12px}
}
)css";

}  // namespace

std::string_view page_style() {
  static const std::string all =
      std::string(kType) + std::string(kLayout) + std::string(kTables) + std::string(kCharts) + std::string(kScreens);
  return all;
}

}  // namespace lode::report
