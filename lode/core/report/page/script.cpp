// The script of a report: what a reader with a mouse gets on top of a page that is complete without it. It reads the
// embedded data (scene/data_block.h) once, on first need.
//
// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "lode/core/report/page/assets.h"

namespace lode::report {
namespace {

// Numbers as number_text.h prints them; one row of RULES a Style, in its order.
constexpr std::string_view kData = R"js(
const D=document,R=D.documentElement,$=(s,e)=>[...(e||D).querySelectorAll(s)];
const RULES=[[1,4,1,''],[100,2,1,'\u202f%'],[100,1,0,'\u202f%'],[1,2,1,''],[1,3,0,''],[1,0,0,''],[1,1,0,'\u202fbp'],[1e4,2,1,'\u202fbp'],[1,1,0,'']];
function places(a,m){let d=2;while(a>=10&&d>0){a/=10;d--}while(a<1&&a>0&&d<m){a*=10;d++}return Math.min(d,m)}
function text(v,f){
  if(v===null||!isFinite(v))return'\u2013';
  const[k,m,s,u]=RULES[f],a=Math.abs(v*k);
  let d=places(a,m),t=a.toFixed(d);
  if(+t)d=Math.min(d,places(+t,m)),t=a.toFixed(d);
  const zero=!/[1-9]/.test(t),p=t.split('.');
  p[0]=p[0].replace(/\B(?=(\d{3})+$)/g,'\u202f');
  return(zero?'':v<0?'\u2212':s?'+':'')+p.join('.')+u;
}
const day=v=>new Date(v*864e5).toISOString().slice(0,10);
let pending=null;
function unpack(c){
  if(c.k==='text')return{...c,get:i=>c.v[i]};
  const s=10**c.p;let last=0;
  const v=c.v.map(x=>{if(x===null)return null;const y=c.d?last+x:x;last=y;return y/s});
  return{...c,v,get:i=>v[i]===null?'\u2013':c.k==='date'?day(v[i]):text(v[i],c.f)};
}
function load(){
  return pending=pending||(async()=>{
    const b=Uint8Array.from(atob(D.getElementById('data').textContent.trim()),c=>c.charCodeAt(0));
    const s=new Blob([b]).stream().pipeThrough(new DecompressionStream('deflate'));
    const d=JSON.parse(await new Response(s).text());
    for(const id in d.charts)d.charts[id]=d.charts[id].map(unpack);
    return d;
  })();
}
)js";

constexpr std::string_view kTip = R"js(
const tip=D.createElement('div');tip.id='tip';tip.hidden=true;tip.setAttribute('role','status');D.body.append(tip);
function node(n,t,c){const e=D.createElement(n);if(t!==undefined)e.textContent=t;if(c)e.className=c;return e}
function show(x,top,bottom,parts){
  tip.replaceChildren(...parts);tip.hidden=false;tip.style.left=tip.style.top='0';
  const r=tip.getBoundingClientRect(),below=bottom+r.height+8<innerHeight;
  tip.style.left=Math.max(4,Math.min(x,innerWidth-r.width-4))+'px';
  tip.style.top=(below?bottom+8:Math.max(4,top-r.height-8))+'px';
}
function hide(){tip.hidden=true}
async function explain(e){
  const d=await load(),path=e.dataset.why,n=d.numbers[path];
  if(!n)return;
  const[v,lo,hi,count,unit,def,reason]=n,parts=[node('p',path,'mono')];
  parts.push(node('p',v===null?'missing: '+(reason||'no value'):'exactly '+v+(unit?' '+unit:'')));
  if(lo!==null&&hi!==null)parts.push(node('p','95 %: '+lo+' .. '+hi));
  if(count)parts.push(node('p','from '+text(count,5)+' observations'));
  parts.push(node('p',d.definitions[def],'faint'),node('p','lode why '+(/^[0-9a-f]{12}\./.test(path)?'':'RUN.')+path,'mono faint'));
  const r=e.getBoundingClientRect();show(r.left,r.top,r.bottom,parts);
}
for(const e of $('.n[data-why],.w[data-why],.na[data-why]')){
  e.addEventListener('pointerenter',()=>explain(e));e.addEventListener('pointerleave',hide);
  e.addEventListener('click',()=>explain(e));
}
for(const e of $('.big .n')){e.tabIndex=0;e.addEventListener('focus',()=>explain(e));e.addEventListener('blur',hide)}
D.addEventListener('keydown',e=>{if(e.key==='Escape'){hide();zoom(null)}});
)js";

constexpr std::string_view kHover = R"js(
function scale(s){
  const[k,a,b]=s.split(' '),f=k==='log'?Math.log:k==='growth'?x=>Math.log(1+x):x=>x,l=f(+a),h=f(+b);
  return{place:v=>(f(v)-l)/(h-l),f,l,h,date:k==='date'};
}
let view=null;
const charts=$('.plots').map(e=>{
  const m=(e.querySelector('[data-mark]')||{dataset:{mark:'line 0 1'}}).dataset.mark.split(' ');
  return{e,id:e.dataset.chart,s:scale(e.dataset.x),boxes:$('.box',e),rows:!!e.querySelector('.names'),x:+m[1],hairs:[]};
});
const window_=c=>view&&c.s.date?view.map(c.s.place):[0,1];
function hair(c,p){
  c.boxes.forEach((b,i)=>{
    if(!c.hairs[i]){c.hairs[i]=node('div',undefined,'hair');b.append(c.hairs[i])}
    c.hairs[i].hidden=p===null||p<0||p>1;if(p!==null)c.hairs[i].style.left=100*p+'%';
  });
}
function clear(){hide();for(const c of charts)if(c.hairs.length)hair(c,null)}
function nearest(c,d,event){
  const cols=d.charts[c.id],r=c.boxes[0].getBoundingClientRect();
  if(c.rows){const n=cols[0].v.length;return Math.max(0,Math.min(n-1,Math.floor((event.clientY-r.top)/r.height*n)))}
  const[w0,w1]=window_(c),p=w0+(event.clientX-r.left)/r.width*(w1-w0);
  let best=-1,gap=1e9;
  cols[c.x].v.forEach((v,i)=>{if(v!==null){const g=Math.abs(c.s.place(v)-p);if(g<gap){gap=g;best=i}}});
  return best;
}
async function hover(c,event){
  const d=await load(),cols=d.charts[c.id],i=nearest(c,d,event);
  if(i<0||!cols)return;
  const t=node('table');
  for(const col of cols){if(col.n==='row'||col.n==='mid-month')continue;const tr=node('tr');tr.append(node('th',col.n),node('td',col.get(i),'r'));t.append(tr)}
  show(event.clientX+14,event.clientY,event.clientY+6,[t]);
  if(c.rows)return;
  const v=cols[c.x].v[i];
  for(const o of charts)if(o===c||(o.s.date&&c.s.date)){const[w0,w1]=window_(o);hair(o,(o.s.place(v)-w0)/(w1-w0))}
}
)js";

constexpr std::string_view kZoom = R"js(
function zoom(range){
  if(!range&&!view)return;
  view=range;
  for(const c of charts)if(c.s.date){
    const[w0,w1]=window_(c),move=p=>(p-w0)/(w1-w0);
    for(const b of c.boxes){
      const s=b.querySelector('svg'),[,,w,h]=(s.dataset.full=s.dataset.full||s.getAttribute('viewBox')).split(' ');
      s.setAttribute('viewBox',range?`${w0*w} 0 ${(w1-w0)*w} ${h}`:s.dataset.full);
      s.style.overflow=range?'hidden':'';
    }
    for(const e of $('.x,.lab,.dot i,.clip',c.e)){
      const at=+(e.dataset.left=e.dataset.left||parseFloat(e.style.left))/100,p=move(at);
      e.style.left=100*p+'%';e.hidden=p<-.001||p>1.001;
    }
    for(const e of $('.end',c.e))e.hidden=!!range&&w1<.995;
    let note=c.e.querySelector('.zoomed');
    if(!note){note=node('p',undefined,'xtitle zoomed');c.e.append(note)}
    note.textContent=range?day(Math.round(range[0]))+' .. '+day(Math.round(range[1]))+', double-click shows all':'';
    note.hidden=!range;
  }
}
for(const c of charts){
  let from=null,pick=null;
  const at=e=>{const r=c.boxes[0].getBoundingClientRect();return Math.max(0,Math.min(1,(e.clientX-r.left)/r.width))};
  c.e.addEventListener('pointermove',e=>{
    if(from!==null&&pick){const p=at(e);pick.style.left=100*Math.min(from,p)+'%';pick.style.width=100*Math.abs(p-from)+'%'}
    else hover(c,e);
  });
  c.e.addEventListener('pointerleave',()=>{clear();if(pick){pick.remove();pick=null;from=null}});
  if(!c.s.date)continue;
  c.e.addEventListener('pointerdown',e=>{
    if(e.pointerType!=='mouse'||e.button)return;
    from=at(e);pick=node('div',undefined,'pick');c.boxes[0].append(pick);e.preventDefault();
  });
  c.e.addEventListener('pointerup',e=>{
    if(from===null)return;
    const to=at(e),[w0,w1]=window_(c),v=p=>c.s.l+(w0+p*(w1-w0))*(c.s.h-c.s.l);
    const lo=v(Math.min(from,to)),hi=v(Math.max(from,to)),wide=Math.abs(to-from)*c.boxes[0].clientWidth>8;
    if(pick)pick.remove();pick=null;from=null;
    if(wide&&hi-lo>=5)zoom([lo,hi]);
  });
  c.e.addEventListener('dblclick',()=>zoom(null));
}
)js";

constexpr std::string_view kTools = R"js(
for(const f of $('figure')){
  const details=f.querySelector('details'),plots=f.querySelector('.plots');
  if(!details||!plots)continue;
  const row=node('div',undefined,'row'),copy=node('button','Copy as TSV'),all=node('button','Show every row');
  copy.type=all.type='button';row.append(copy);
  if(details.querySelector('caption'))row.append(all);
  details.querySelector('summary').after(row);
  const lines=d=>{const c=d.charts[plots.dataset.chart];return c[0].v.map((_,i)=>c.map(k=>k.get(i)))};
  copy.addEventListener('click',async()=>{
    const d=await load(),c=d.charts[plots.dataset.chart];
    const t=[c.map(k=>k.n).join('\t'),...c[0].v.map((_,i)=>c.map(k=>k.k==='number'?(k.v[i]===null?'':k.v[i]):k.get(i)).join('\t'))].join('\n');
    try{await navigator.clipboard.writeText(t)}catch(_){
      const a=node('textarea',t);D.body.append(a);a.select();D.execCommand('copy');a.remove();
    }
    copy.textContent='Copied';
  });
  all.addEventListener('click',async()=>{
    const d=await load(),body=details.querySelector('tbody'),heads=$('thead th',details);
    body.replaceChildren(...lines(d).map(cells=>{
      const tr=node('tr');cells.forEach((t,i)=>tr.append(node(i?'td':'th',t,heads[i].className)));return tr;
    }));
    details.querySelector('caption').textContent='All rows';all.remove();
  });
}
const tools=node('div',undefined,'tools'),theme=node('button');theme.type='button';
const dark=()=>R.dataset.theme?R.dataset.theme==='dark':matchMedia('(prefers-color-scheme: dark)').matches;
const name=()=>{theme.textContent=dark()?'Use light colours':'Use dark colours'};
theme.addEventListener('click',()=>{
  R.dataset.theme=dark()?'light':'dark';name();
  try{localStorage.setItem('lode-theme',R.dataset.theme)}catch(_){}
});
try{const t=localStorage.getItem('lode-theme');if(t==='dark'||t==='light')R.dataset.theme=t}catch(_){}
name();tools.append(theme);D.querySelector('header').prepend(tools);
)js";

}  // namespace

std::string_view page_script() {
  static const std::string all = "(()=>{'use strict';" + std::string(kData) + std::string(kTip) + std::string(kHover) +
                                 std::string(kZoom) + std::string(kTools) + "})();";
  return all;
}

}  // namespace lode::report
