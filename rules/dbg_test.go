package rules_test
import ("testing";"fmt"
"github.com/footing-dev/footing/internal/judge/access"
"github.com/footing-dev/footing/internal/judge/assess"
"github.com/footing-dev/footing/internal/judge/check"
"github.com/footing-dev/footing/rules"
"os";"strings")
func TestDbg(t *testing.T){
 f:=strings.Split(os.Getenv("DBG"),"|") // rule|example|key|prop
 for _,r:=range rules.All(){ if r.ID!=f[0]{continue}
  for _,e:=range accounts(t,r){ if e.name!=f[1]{continue}
   in:=e.input()
   for i:=range in.Snapshot.Resources{ x:=&in.Snapshot.Resources[i]; if string(x.Key)==f[2]{ setValue(x,f[3],nil); x.Unknown=append(x.Unknown,f[3])}}
   in.Snapshot.Seal()
   as,_:=assess.Of(in); c:=as.Case()
   for _,a:=range c.Access.Who(c.Access.Account, access.Admin){ fmt.Println("WHO",a.Principal,a.Direct,a.Path.Outcome,a.Path.Seen,a.Path.By,len(a.Path.Steps), a.Path.Entry!=nil) }
   for _,a:=range c.Access.Paths(c.Access.Account, access.Admin,true){ fmt.Println("PATH",a.Principal,a.Outcome,a.Seen,a.Entry.ID, a.Entry.Kind,a.Entry.Unknown) }
   fmt.Print(told(check.Run([]check.Rule{r},c)))
  }}
}
