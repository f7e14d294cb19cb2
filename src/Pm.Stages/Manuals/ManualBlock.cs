namespace Pm.Stages.Manuals;

/// <summary>A piece of a manual page; text may hold `code` in backticks and **strong** words.</summary>
public abstract record ManualBlock
{
    private protected ManualBlock()
    {
    }

    /// <summary>The page's title (level 1), a section (2) or a part of one (3).</summary>
    public sealed record Heading(int Level, string Text) : ManualBlock;

    public sealed record Paragraph(string Text) : ManualBlock;

    /// <summary>Lines shown as they are.</summary>
    public sealed record Code(string Text) : ManualBlock;

    public sealed record Item(string Text) : ManualBlock;

    /// <summary>A term and what it means: an option, an exit code.</summary>
    public sealed record Definition(string Term, string Text) : ManualBlock;
}
