namespace Pm.Packages.Toml;

/// <summary>What a value is.</summary>
public enum TomlKind
{
    Text,
#pragma warning disable CA1720 // The words of the specification.
    Integer,
    Float,
#pragma warning restore CA1720
    Boolean,
    OffsetDateTime,
    LocalDateTime,
    LocalDate,
    LocalTime,
    Array,
    Table,
}
