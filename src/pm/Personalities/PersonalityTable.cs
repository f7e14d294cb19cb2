namespace Pm.Cli.Personalities;

/// <summary>Every name that this executable answers to apart from <c>pm</c>.</summary>
static class PersonalityTable
{
    public static IReadOnlyList<Personality> Entries { get; } =
    [
        new("ebpm", "the eBPF package manager", EbpmGrammar.RunAsync),
        new("ecli", "runs eBPF programs by name, URL or path", EcliGrammar.RunAsync),
        new("enve", "the build environment"),
        new("fuchsia-pm", "the Fuchsia package tool"),
        new("pbi", "push-button installer packages"),
    ];

    /// <summary>Whether <paramref name="name"/> is in the table; cheap, for it is asked at every start.</summary>
    public static bool Names(string name) => name != Product.Name && Find(name) is not null;

    public static Personality? Find(string name) => Entries.FirstOrDefault(p => p.Name == name);
}
