namespace Pm.Cli.Configuration;

/// <summary>One thing that can be set: by a flag, by a variable of the environment, in a file.</summary>
abstract class Setting
{
    /// <summary>Its key in files and for <c>pm config</c>: <c>lock-timeout</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What it does, for manuals, without its default.</summary>
    public required string Description { get; init; }

    /// <summary>What holds when nobody sets it, for manuals.</summary>
    public required string Otherwise { get; init; }

    /// <summary>What a value has to be, for messages: "a number from 1 to 64".</summary>
    public required string Expected { get; init; }

    public SettingForm Form { get; init; }

    /// <summary>Null: no option of every command is the same.</summary>
    public string? Flag { get; init; }

    /// <summary>What stands for the value in manuals: <c>N</c>.</summary>
    public string ValueName { get; init; } = "VALUE";

    /// <summary>The variables that say it, first first.</summary>
    public IReadOnlyList<SettingVariable> Variables { get; init; } = [];

    /// <summary>The only values there are, for who completes a word; empty: others.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>What the manifest of a project, which may be a stranger's, can make of it.</summary>
    public ProjectRule InProject { get; init; }

    /// <summary>The value when nobody sets it, as text; null: there is none.</summary>
    public Func<PmContext, string?> Default { get; init; } = _ => null;

    /// <summary>Hides what of a value is secret.</summary>
    public Func<string, string> Show { get; init; } = text => text;

    /// <summary>Why a value that can be read must not stand in a file; null: it may.</summary>
    public Func<string, string?> Secret { get; init; } = _ => null;

    /// <summary>Whether a text is a value of it.</summary>
    public abstract bool Accepts(string text);

    /// <summary>Whether a project may give it this value.</summary>
    public bool IsForProjects(string text) => InProject switch
    {
        ProjectRule.Any => true,
        ProjectRule.OnlyTrue => text == SettingText.True,
        _ => false,
    };
}
