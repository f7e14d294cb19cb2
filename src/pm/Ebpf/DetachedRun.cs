using Pm.Cli.Output;
using Pm.Ebpf.Loading;
using Pm.Ebpf.Objects;
using Pm.Ebpf.Pinning;

namespace Pm.Cli.Ebpf;

/// <summary>Lets what runs run on its own, and says what it is called.</summary>
static class DetachedRun
{
    /// <exception cref="BpfException">PM8030, PM8053, PM8057: it cannot be kept, and does not run on.</exception>
    public static void Keep(PmContext context, RunningObject running, byte[] bytes, BpfSpec spec, string path, ObjectChoices choices)
    {
        var name = PinnedObject.Keep(running, bytes, spec, ObjectFile.NameOf(path), context.FullPath(path), choices.EventTypes, context.Time.GetUtcNow());
        var count = running.Attached.Length;
        if (choices.Style is Pm.Ebpf.Events.EventStyle.Json)
        {
            JsonOutput.Write(context.Terminal, "detached", json =>
            {
                json.WriteStartObject();
                json.WriteString("name"u8, $"{name}");
                Outcome.WriteTexts(json, "programs", running.Attached.Select(p => p.Name));
                Outcome.WriteTexts(json, "refused", running.AllRefused.Select(e => e.Program ?? ""));
                json.WriteEndObject();
            });
            return;
        }

        context.Terminal.Data($"{name}");
        context.Terminal.Note($"{count} program{(count == 1 ? "" : "s")} attached; `pm logs {name}` shows events, `pm stop {name}` ends it");
    }
}
