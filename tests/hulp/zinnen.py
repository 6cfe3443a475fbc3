"""The sentences with which the API document and its page promise something, each with the tests that hold it.

Dutch, as they stand there, without the quotes around code; a part of a sentence will do. Used by `tests.hulp.beloften`.
"""

from typing import Final

ZINNEN: Final[dict[str, str]] = {
    # what it is
    "Wie daarin achteraf iets verandert, wordt opgemerkt":
        "api/test_schade.py::test_whatever_a_superuser_changes_is_named_and_stops_everything "
        "api/test_merkteken.py::test_an_older_copy_does_not_open",
    "Uw systeem kan erin schrijven en eruit lezen":
        "api/test_documentatie_voorbeelden.py::test_each_start_works_as_its_role_and_twice",
    "Elke keer dat u deze pagina opent, staan er andere kenmerken en tijden in":
        "api/test_documentatie_voorbeelden.py::test_each_start_works_as_its_role_and_twice",
    "Elke vraag is één verzoek":
        "api/test_documentatie_demo.py::test_each_of_the_ten_questions_finds_something_in_the_demo",
    "Bij elk verzoek in de naslag staat wie het mag doen":
        "api/test_documentatie_voorbeelden.py::test_who_may_call_stands_with_each_operation",
    "Zo geeft een typefout nooit een te ruim antwoord": "api/test_lijsten.py::test_no_parameter_is_ignored",
    "is er niets veranderd, dan is het antwoord 304, zonder inhoud":
        "api/test_lijsten.py::test_what_changed_since_a_moment_and_what_did_not",
    "elk nummer kan één keer": "api/test_bronkenmerk.py::test_it_is_unique_within_organisation_and_system",
    "Zo vaak u het ook stuurt, het wordt één keer geboekt":
        "api/test_sync_beloften.py::test_belofte_2_elke_registratie_telt_precies_een_keer",
    # once, and never lost
    "elke registratie wordt precies één keer geboekt, hoe vaak u haar ook stuurt":
        "api/test_sync_beloften.py::test_belofte_2_elke_registratie_telt_precies_een_keer",
    "Stuur dan precies hetzelfde nog een keer": "api/test_online_vastleggen.py::test_a_replay_gets_the_first_answer",
    "Herhalen is altijd veilig":
        "api/test_sync_herhaling.py::test_a_repeat_gets_the_first_answer "
        "api/test_online_vastleggen.py::test_a_replay_gets_the_first_answer",
    "Eén foute registratie houdt de andere niet tegen":
        "api/test_sync_push.py::test_a_poisonous_operation_stops_none_of_the_99_others",
    "Elke registratie krijgt een eigen antwoord; eentje die niet klopt, houdt de rest niet tegen":
        "api/test_sync_push.py::test_a_poisonous_operation_stops_none_of_the_99_others",
    "Hoogstens 100 registraties en 2 MiB per keer":
        "api/test_sync_lichaam.py::test_a_hundred_and_one_operations_are_too_many "
        "api/test_http_lichaam.py::test_a_body_over_the_limit_is_413",
    "Eén resultaat per registratie, in de volgorde van het verzoek":
        "api/test_sync_herhaling.py::test_the_same_twice_in_one_batch_is_one",
    "Toestellen mogen ook eerdere versies versturen":
        "api/test_sync_versies.py::test_an_old_app_and_a_new_one_are_read_alike",
    "Wat toestellen nog bij zich hebben, blijft staan":
        "api/test_aanmeldingen.py::test_a_login_that_ends_before_the_locks_of_a_booking_books_nothing_and_loses_nothing",
    "De tekst precies zoals verstuurd, als hij niet te lezen was":
        "api/test_quarantaine_inzage.py::test_the_content_is_shown_as_it_came_and_looking_is_noted "
        "api/test_sync_leesbaar.py::test_it_is_kept_byte_for_byte",
    "Alles tot en met dit nummer is ontvangen": "api/test_sync_toestel.py::test_the_server_knows_what_is_missing",
    "Waarom een registratie nooit zo wordt aangenomen":
        "api/test_stock_adapters.py::test_odd_rows_are_kept_whole_and_answered_as_taken",
    # fetching
    "wat u niet meer mag zien komt als revoke, zonder inhoud":
        "api/test_sync_rechten.py::test_a_right_that_ends_takes_its_documents_along_without_content",
    "dan krijgt u alleen wat er daarna veranderde":
        "api/test_sync_pull.py::test_every_page_size_yields_the_same_whole "
        "api/test_sync_beloften.py::test_belofte_3_een_lezer_slaat_nooit_iets_over",
    "na elke bladzijde een regel met de cursor":
        "api/test_sync_ophalen.py::test_a_snapshot_that_was_cut_goes_on_from_its_last_cursor",
    "Alles wat voor u veranderde, in één keer":
        "api/test_stock_clients.py::test_a_pull_cut_halfway_is_fetched_again_whole",
    "Groeit bij elk antwoord":
        "api/test_stock_adapters.py::test_the_number_of_watermelon_grows_and_its_cursor_means_the_same",
    "haal zegt dat pull iets zal brengen, en verder niets":
        "api/test_sync_ophalen.py::test_the_stream_says_pull_now_to_whom_it_concerns_and_nothing_else",
    "Wat verschilt, komt als lijst van kenmerken en versies":
        "api/test_sync_ophalen.py::test_verify_names_what_a_device_should_hold_where_it_differs",
    "een bladzijde kan leeg zijn terwijl er meer volgt":
        "api/test_stock_adapters.py::test_rxdb_gets_everything_however_small_its_pages",
    "wat u niet meer ziet is leeg":
        "api/test_stock_adapters.py::test_a_role_that_ended_leaves_tombstones_only_and_may_still_deliver",
    "Tellingen over de plaatselijke datum, met de definitie van elke telling":
        "domain/test_controle_tellen.py::test_it_counts_on_the_local_date_of_the_start "
        "api/test_cijfers.py::test_what_was_found_is_counted_once",
    "Tellingen zonder personen, elk met zijn definitie":
        "domain/test_beleid.py::test_the_table_says_what_the_domain_says "
        "api/test_cijfers.py::test_what_was_found_is_counted_once",
    # who sees what
    "404 betekent: het bestaat niet, of niet voor u. Het verschil is niet te zien":
        "api/test_zichtbaarheid.py::test_four_ways_of_reading_agree_with_the_oracle "
        "api/test_online_vastleggen.py::test_what_is_not_yours_to_know_of_is_404_to_write_to",
    "404 als het niet bestaat of niet voor u is":
        "api/test_zichtbaarheid.py::test_four_ways_of_reading_agree_with_the_oracle",
    "Velden die uw rol nooit ziet, of zij er zijn of niet":
        "api/test_sync_pull.py::test_masked_fields_are_named_but_not_sent",
    "schrijven geeft geen recht om te lezen":
        "api/test_sync_push.py::test_whoever_may_not_read_it_is_told_to_erase_it_each_time",
    "wat uw rol niet ziet, staat er niet in":
        "api/test_zichtbaarheid.py::test_four_ways_of_reading_agree_with_the_oracle",
    "Elke vraag wordt vastgelegd": "api/test_kleine_aantallen.py::test_each_question_is_written_down",
    "Alleen met een reden, en elke inzage wordt vastgelegd":
        "api/test_quarantaine_inzage.py::test_the_content_is_shown_as_it_came_and_looking_is_noted "
        "api/test_demo.py::test_a_trafficking_signal_is_read_with_a_reason_only",
    "Een foto zonder gegevens over plaats en maker; het origineel alleen met een reden. Elke inzage wordt vastgelegd":
        "api/test_bijlage_zien.py::test_a_rendition_has_nothing_of_the_original_but_its_pixels "
        "api/test_bijlage_zien.py::test_the_original_comes_whole_with_a_reason_and_is_written_down_first",
    "zonder is het van de politie besloten":
        "api/test_wet.py::test_what_the_police_sent_without_saying_is_theirs_until_one_of_them_says_which",
    # people, devices, signing in
    "Een tweede persoon bevestigt het":
        "api/test_twee_mensen.py::test_one_administrator_in_five_requests_reads_nothing",
    "Een tweede persoon bevestigt haar":
        "api/test_twee_mensen.py::test_a_role_is_nobodys_right_before_it_is_confirmed",
    "Het kenmerk van een account is dat van de functionaris, dus ieder heeft er één":
        "api/test_twee_mensen.py::test_a_second_account_on_somebody_is_not_to_be_had",
    "Alleen voor wie het account bevestigde, en alleen nu te zien. Werkt een dag, één keer; een eerdere vervalt":
        "api/test_twee_mensen.py::test_a_code_works_once_for_one_person_in_time",
    "De code, die u één keer ziet":
        "api/test_twee_mensen.py::test_a_code_works_once_for_one_person_in_time "
        "api/test_toestel_inschrijving.py::test_neither_code_nor_key_is_in_the_ledger_and_the_code_is_nowhere",
    "Werkt één keer": "api/test_twee_mensen.py::test_a_code_works_once_for_one_person_in_time",
    "Wie met dit account was aangemeld, is dat daarna niet meer":
        "api/test_twee_mensen.py::test_a_reset_takes_two_and_ends_every_login",
    "Daarna meldt u zich opnieuw aan, op al uw toestellen":
        "api/test_twee_mensen.py::test_a_password_is_changed_by_its_owner",
    "Wie ermee is aangemeld, is dat meteen niet meer":
        "api/test_twee_mensen.py::test_a_disabled_account_is_out_at_once_until_two_people_let_it_in",
    "Rollen, accounts, toestellen en grondslagen die u mag bevestigen: niet wat u zelf vroeg, niet wat voor u is":
        "api/test_twee_mensen.py::test_what_waits_is_listed_for_who_may_confirm "
        "api/test_tellen.py::test_on_from_a_day_by_two_people_and_off_by_one",
    "dan telt die persoon één keer": "domain/test_controle_tellen.py::test_what_follows_on_an_offer_is_the_same_person",
    "Elke overtreding heeft een id en telt de gevonden sekswerkers, tenzij zij alleen sommigen of een aantal noemt":
        "domain/test_controle_tellen.py::test_a_visit_gives_the_same_figures_in_either_shape",
    "Geldt tien minuten, één keer, voor één functionaris. U ziet de code alleen nu":
        "api/test_toestel_inschrijving.py::test_wrong_used_expired_and_somebody_elses_code_answer_alike "
        "api/test_toestel_inschrijving.py::test_neither_code_nor_key_is_in_the_ledger_and_the_code_is_nowhere",
    "Geldt één keer, voor één functionaris":
        "api/test_toestel_inschrijving.py::test_wrong_used_expired_and_somebody_elses_code_answer_alike",
    "Het toestel, dat wacht op goedkeuring door een tweede persoon":
        "api/test_toestel_goedkeuring.py::test_nothing_is_done_with_a_device_before_a_second_person_approved_it",
    "Nog een keer mag: het eerste moment blijft staan":
        "api/test_toestel_opdracht.py::test_a_stolen_device_is_told_to_erase_itself_on_every_call",
    "Het token geldt vijf minuten": "api/test_oauth.py::test_sign_in",
    "Hiermee haalt u één keer nieuwe tokens":
        "api/test_verversen.py::test_tokens_rotate api/test_verversen.py::test_an_older_token_ends_the_login",
    "Krijgt u door een slechte verbinding geen antwoord, stuur dan hetzelfde refresh-token nog een keer":
        "api/test_verversen.py::test_a_lost_response_is_no_loss",
    "Bij een onbekend token is het antwoord hetzelfde":
        "api/test_aanmeldingen.py::test_what_is_no_token_of_ours_gets_the_same_answer_and_ends_nothing",
    "Uw eigen aanmeldingen die nu gelden, in al uw rollen. Waar u was wordt niet bewaard":
        "api/test_aanmeldingen.py::test_everybody_sees_his_own_logins",
    "Er komt geen token terug: de browser bewaart de aanmelding zelf":
        "api/test_sessie.py::test_the_cookie_is_for_this_host_alone_and_no_token_leaves",
    "Telt alleen bij een verzoek van een eigen pagina": "api/test_sessie.py::test_only_our_own_pages_change_anything",
    "Altijd veldboek": "api/test_oauth.py::test_a_form_that_is_refused",
    # the form of every answer
    "Deze API volgt de NL API Design Rules 2.2":
        "architecture/test_http_regels.py::test_the_document_keeps_the_design_rules",
    "Een fout is altijd een probleem volgens RFC 9457":
        "api/test_http_conventies.py::test_every_answer_has_the_headers "
        "api/test_http_conventies.py::test_an_unexpected_error_tells_nothing",
    "Elke fout is application/problem+json (RFC 9457)":
        "api/test_http_conventies.py::test_every_answer_has_the_headers "
        "api/test_http_conventies.py::test_an_unexpected_error_tells_nothing",
    "fouten noemt alle fouten, hoogstens 100":
        "api/test_http_fouten.py::test_everything_wrong_is_said_at_once "
        "api/test_http_fouten.py::test_the_list_of_faults_has_an_end",
    "Bij 400: alle fouten, hoogstens 100":
        "api/test_http_fouten.py::test_everything_wrong_is_said_at_once "
        "api/test_http_fouten.py::test_the_list_of_faults_has_an_end",
    "Bij 400 staan alle fouten tegelijk in fouten, hoogstens 100":
        "api/test_http_fouten.py::test_everything_wrong_is_said_at_once "
        "api/test_http_fouten.py::test_the_list_of_faults_has_an_end",
    "Wat u stuurde, staat er nooit in": "api/test_http_fouten.py::test_what_is_wrong_is_said_in_dutch",
    "De ingevulde waarde staat er nooit in": "api/test_http_fouten.py::test_what_is_wrong_is_said_in_dutch",
    "Bij 429 en 503 zegt Retry-After na hoeveel seconden":
        "api/test_http_conventies.py::test_a_database_that_is_away_or_busy_is_503 "
        "api/test_sync_drukte.py::test_a_storm_of_retries_settles_and_everything_arrives_once",
    "JSON in UTF-8, hoogstens 2 MiB; gzip mag":
        "api/test_http_lichaam.py::test_a_body_at_the_limit_is_read "
        "api/test_http_lichaam.py::test_a_gzipped_body_is_read",
    "Een veld dat niet bestaat, wordt geweigerd": "api/test_http_fouten.py::test_what_is_wrong_is_said_in_dutch",
    "Namen die eindigen op Op zijn een dag of een tijdstip met tijdzone":
        "architecture/test_http_regels.py::test_the_document_keeps_the_design_rules "
        "domain/test_momenten.py::test_nothing_else_is_a_moment domain/test_momenten.py::test_nothing_else_is_a_day",
    "Antwoorden staan in UTC": "api/test_documentatie_voorbeelden.py::test_what_is_read_is_in_utc",
    "Tijden zijn in UTC": "api/test_documentatie_voorbeelden.py::test_what_is_read_is_in_utc",
    "Elk antwoord noemt de versie in API-Version": "api/test_http_conventies.py::test_every_answer_has_the_headers",
    "Antwoordt altijd 200, ook als de database weg is":
        "api/test_metingen.py::test_ready_is_another_question_than_alive",
    "Antwoordt 503 als de database niet antwoordt, nog niet is bijgewerkt, of het grootboek stilstaat":
        "api/test_metingen.py::test_ready_is_another_question_than_alive",
    "Antwoordt 200 als ook de database antwoordt, en anders 503":
        "api/test_http_documentatie.py::test_health_asks_the_application",
    "Als de wet het verbiedt: artikel, reden en watNu":
        "api/test_weigeringen.py::test_pushed_it_is_kept_with_article_reason_and_what_then",
    # what is not there
    "Vernietigen als de bewaartermijn voorbij is, is nog niet gebouwd":
        "architecture/test_beloften.py::test_what_is_not_there_is_said_where_it_is_promised",
    "Geen jurist, FG of privacyfunctionaris heeft dit getoetst: gebruik het niet voor echte gegevens":
        "architecture/test_beloften.py::test_what_is_not_there_is_said_where_it_is_promised",
}  # fmt: skip
GEEN_BELOFTE: Final = (
    "De opdracht, precies zoals zij kwam",
    "Elke andere fout, bijvoorbeeld een storing (500) of drukte (429, 503)",
    "Hoeveel er in één keer mag",
    "Hoeveel personen u telde naast wie apart is vastgelegd, en hoe velen hulp is aangeboden of waarheen verwezen",
    "Wat elke telling is, in woorden",
    "Zegt niets dan dat niemand zich er nog mee aanmeldt",
    "zonder voornemen ook de reden waarom niemand is gehoord",
)
"""What has such a word and promises nothing: it says what a field or an act is."""
