using System.Text.Json.Serialization;
using Pm.Daemon.Pages.Errors;
using Pm.Daemon.Pages.Packages;
using Pm.Daemon.Pages.Repositories;
using Pm.Daemon.Pages.Search;
using Pm.Daemon.Pages.Start;

namespace Pm.Daemon.Pages;

/// <summary>How the values of pages are written as JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    GenerationMode = JsonSourceGenerationMode.Metadata,
    Converters = [typeof(UtcTime), typeof(PackageNameText), typeof(PackageVersionText)])]
[JsonSerializable(typeof(ErrorPage))]
[JsonSerializable(typeof(PackagePage))]
[JsonSerializable(typeof(RepositoryPage))]
[JsonSerializable(typeof(SearchPage))]
[JsonSerializable(typeof(StartPage))]
sealed partial class PageJson : JsonSerializerContext;
