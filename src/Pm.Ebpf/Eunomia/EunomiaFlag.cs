namespace Pm.Ebpf.Eunomia;

/// <summary>A flag that sets a variable.</summary>
/// <param name="Variable">What it sets.</param>
/// <param name="LongName">Without dashes: <c>enable-X</c> of a switch that is off.</param>
/// <param name="Default">What the variable is without it; null where nothing is said.</param>
/// <param name="Switch">What it sets a switch to; null where a value follows.</param>
public sealed record EunomiaFlag(EunomiaVariable Variable, string LongName, string? Default, bool? Switch)
{
    /// <summary>One character, of what takes a value.</summary>
    public string? ShortName => Switch is null ? Variable.ShortName : null;

    public string Help => Variable.Help ?? Variable.Description ?? $"Set value of `{Variable.Type}` variable {Variable.Name}";

    internal static EunomiaFlag Of(EunomiaVariable variable)
    {
        var value = variable.Default;
        if (variable.Type != "bool")
        {
            return value.Kind switch
            {
                EunomiaDefaultKind.None => new EunomiaFlag(variable, variable.Flag, null, null),
                EunomiaDefaultKind.Number or EunomiaDefaultKind.Text => new EunomiaFlag(variable, variable.Flag, value.Text, null),
                _ => throw new EbpfFormatException("PM8064", $"variable `{variable.Name}`: a default value may only be a number or a string"),
            };
        }

        return value switch
        {
            { Kind: EunomiaDefaultKind.None } => new EunomiaFlag(variable, variable.Flag, "false", true),
            { Kind: EunomiaDefaultKind.Boolean, Text: "true" } => new EunomiaFlag(variable, "disable-" + variable.Flag, "true", false),
            { Kind: EunomiaDefaultKind.Boolean } => new EunomiaFlag(variable, "enable-" + variable.Flag, "false", true),
            _ => throw new EbpfFormatException("PM8064", $"variable `{variable.Name}`: Only expected bool values in bool variables"),
        };
    }
}
