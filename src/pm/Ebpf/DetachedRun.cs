using Pm.Cli.Output;
using Pm.Ebpf.Eunomia;
using Pm.Ebpf.Loading;
using Pm.Ebpf.Objects;
using Pm.Ebpf.Pinning;
using Pm.Remotes;

namespace Pm.Cli.Ebpf;

/// <summary>Lets what runs run on its own, and says what it is called.</summary>
static class DetachedRun
{
    /// <exception cref="BpfException">PM8030, PM8053, PM8057: it cannot be kept, and does not run on.</exception>
    public static void Keep(PmContext context, RunningObject running, byte[] bytes, BpfSpec spec, string path, ObjectChoices choices) =>
        Tell(context, running, choices, PinnedObject.Keep(running, bytes, spec, ObjectFile.NameOf(path), Origin(context, path), choices.EventTypes, context.Time.GetUtcNow()));

    /// <summary>What its package says of it is kept, too: so its events are shown as the package has it. It is called as the package calls it, since most files of these have one name.</summary>
    /// <exception cref="BpfException">PM8030, PM8053, PM8057: it cannot be kept, and does not run on.</exception>
    public static void Keep(PmContext context, RunningObject running, EunomiaPackage package, BpfSpec spec, string path, ObjectChoices choices) =>
        Tell(context, running, choices, PinnedObject.Keep(
            running, package.Content.Span, spec, package.Meta.Name, Origin(context, path), choices.EventTypes, context.Time.GetUtcNow(), package.MetaBytes.Span));

    /// <summary>A file is found again from everywhere.</summary>
    static string Origin(PmContext context, string path) => PackageUrl.IsUrl(path) || path == RunSources.StandardInput ? path : context.FullPath(path);

    /// <summary>Who is not told its name would take it for one that does not run, and could not end it: then it is ended.</summary>
    static void Tell(PmContext context, RunningObject running, ObjectChoices choices, PinnedName name)
    {
        try
        {
            Write(context, running, choices, name);
        }
        catch
        {
            PinnedObject.Stop(name, FilterTurns.Of(context));
            throw;
        }
    }

    static void Write(PmContext context, RunningObject running, ObjectChoices choices, PinnedName name)
    {
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
            context.Terminal.Flush();
            return;
        }

        context.Terminal.Data($"{name}");
        context.Terminal.Flush();
        context.Terminal.Note($"{count} program{(count == 1 ? "" : "s")} attached; `pm logs {name}` shows events, `pm stop {name}` ends it");
    }
}
