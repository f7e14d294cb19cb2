using Pm.Remotes.Oci;

namespace Pm.Cli.Registries;

/// <summary>What the forms of artifacts are called.</summary>
static class FormNames
{
    static readonly (string Name, OciForm Form)[] All = [("pm", OciForm.Package), ("bpfman", OciForm.Bpfman), ("gadget", OciForm.Gadget), ("eunomia", OciForm.Eunomia)];

    public static string List => string.Join(", ", All.Select(a => a.Name));

    public static string Of(OciForm form) => All.First(a => a.Form == form).Name;

    /// <exception cref="CommandException">PM1007: there is none of that name.</exception>
    public static OciForm Parse(string name) => All.FirstOrDefault(a => a.Name == name) is { Name: not null } found
        ? found.Form
        : throw CommandException.Usage("PM1002", $"--form: expected one of {List}, got `{Output.Hostile.OneLine(name)}`");
}
