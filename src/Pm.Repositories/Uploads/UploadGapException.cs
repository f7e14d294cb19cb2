using System.Globalization;

namespace Pm.Repositories.Uploads;

/// <summary>A request wants to go on with an upload behind the end of what is there.</summary>
#pragma warning disable CA1032 // The general constructors would allow one without numbers.
public sealed class UploadGapException(long there, long asked) : Exception(string.Create(
#pragma warning restore CA1032
    CultureInfo.InvariantCulture, $"the upload has {there} bytes so far, and cannot go on at byte {asked}"))
{
    public const string Code = "PM5041";

    /// <summary>Where to go on, in bytes.</summary>
    public long There { get; } = there;
}
