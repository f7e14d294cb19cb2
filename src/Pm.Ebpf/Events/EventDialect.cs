namespace Pm.Ebpf.Events;

/// <summary>Whose rules of writing events hold.</summary>
public enum EventDialect
{
    /// <summary>pm's own.</summary>
    Own,

    /// <summary>Those of eunomia's packages (docs/formats/eunomia-json.md): <c>NAME(value)</c> for enumerations, the time before each line, types named in JSON, no bit-fields.</summary>
    Eunomia,
}
