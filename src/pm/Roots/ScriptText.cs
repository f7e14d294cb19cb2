using System.Text;
using Pm.Cli.Output;
using Pm.Stages.Hooks;

namespace Pm.Cli.Roots;

/// <summary>Shows the scripts of packages, so that nobody runs unread what runs as him.</summary>
static class ScriptText
{
    public static void Write(PmContext context, IEnumerable<DueScript> scripts)
    {
        foreach (var (hook, obstacle) in scripts)
        {
            var why = obstacle is null ? "" : $" (would not run: {obstacle})";
            context.Terminal.Say(Hostile.OneLine($"script {HookRunner.NameOf(hook.Moment)} of {hook.Package.Id}{why}:"));
            foreach (var line in Encoding.UTF8.GetString(hook.Package.Hook(hook.Moment)!.Value.Span).TrimEnd().Split('\n'))
            {
                context.Terminal.Say("    " + Hostile.OneLine(line));
            }
        }
    }
}
