using Pm.Stages.Manuals;

namespace Pm.Cli.Manuals;

/// <summary>The page of pmd, which has none of its own: it is a program without pm's parser.</summary>
static class DaemonManual
{
    public const string Name = "pmd";
    public const string Summary = "the server of repositories over HTTP";

    public static IReadOnlyList<ManualBlock> Blocks() =>
    [
        new ManualBlock.Heading(2, "Name"), new ManualBlock.Paragraph($"{Name} - {Summary}"),
        new ManualBlock.Heading(2, "Synopsis"), new ManualBlock.Code("pmd [OPTION]… [NAMESPACE=]DIR…"),
        .. ManualText.Parse(EmbeddedText.Manual("Serving/Pmd") ?? "").SkipWhile(b => b is not ManualBlock.Heading { Level: 2 }),
    ];
}
